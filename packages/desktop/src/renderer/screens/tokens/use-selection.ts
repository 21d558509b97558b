import { useCallback, useMemo, useState } from 'react';
import type { TokenFieldsFragment } from '../../graphql/generated/operations.js';
import { useTokenChanges } from '../../shell/live-updates.js';

export interface Selection {
  readonly size: number;
  readonly tokens: readonly TokenFieldsFragment[];
  readonly has: (id: string) => boolean;
  readonly set: (tokens: readonly TokenFieldsFragment[], selected: boolean) => void;
  /** Takes over what changed in tokens that are selected; one that was removed is selected no longer. */
  readonly update: (changed: readonly TokenFieldsFragment[]) => void;
  readonly remove: (ids: readonly string[]) => void;
  readonly clear: () => void;
}

/** The selected tokens. They stay selected while other pages of the list are shown, and until they are removed anywhere. */
export function useSelection(): Selection {
  const [byId, setById] = useState<ReadonlyMap<string, TokenFieldsFragment>>(new Map());

  const set = useCallback((tokens: readonly TokenFieldsFragment[], selected: boolean) => {
    setById((before) => {
      const after = new Map(before);
      for (const token of tokens) {
        // What is removed already cannot be deleted again.
        if (selected && token.status !== 'REMOVED') after.set(token.id, token);
        else after.delete(token.id);
      }
      return after;
    });
  }, []);
  const update = useCallback((changed: readonly TokenFieldsFragment[]) => {
    setById((before) => {
      const known = changed.filter(({ id }) => before.has(id));
      if (known.length === 0) return before;
      const after = new Map(before);
      for (const token of known) {
        if (token.status === 'REMOVED') after.delete(token.id);
        else after.set(token.id, token);
      }
      return after;
    });
  }, []);
  useTokenChanges(update);
  const remove = useCallback((ids: readonly string[]) => {
    setById((before) => new Map([...before].filter(([id]) => !ids.includes(id))));
  }, []);
  const clear = useCallback(() => setById(new Map()), []);

  return useMemo(
    () => ({
      size: byId.size,
      tokens: [...byId.values()],
      has: (id) => byId.has(id),
      set,
      update,
      remove,
      clear,
    }),
    [byId, set, update, remove, clear],
  );
}
