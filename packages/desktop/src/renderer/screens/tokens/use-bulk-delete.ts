import { useApolloClient, useMutation } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { useTask } from '../../components/use-task.js';
import { DeleteTokensDocument, TokensDocument } from '../../graphql/generated/operations.js';
import type { Problem } from '../../transport/transport.js';

/** So many go in one step, each step all or nothing: few enough that the bar moves and a stop is heeded soon. */
const STEP_LENGTH = 25;

export interface BulkDelete {
  readonly running: boolean;
  readonly doneCount: number;
  readonly problem: Problem | null;
  /** How many were deleted, which a stop can make fewer than all; undefined where it failed on the way. */
  readonly run: (ids: readonly string[]) => Promise<number | undefined>;
  readonly stop: () => void;
  /** Forgets what was deleted: the next run is about other tokens. */
  readonly reset: () => void;
}

export function useBulkDelete(
  onDeleted: ((ids: readonly string[]) => void) | undefined,
): BulkDelete {
  const client = useApolloClient();
  const [deleteTokens] = useMutation(DeleteTokensDocument);
  const task = useTask();
  const [done, setDone] = useState<readonly string[]>([]);
  const stopped = useRef(false);
  // Nobody sees it any more, so nobody could stop it.
  useEffect(() => {
    return () => {
      stopped.current = true;
    };
  }, []);

  const run = (ids: readonly string[]) =>
    task.run(async () => {
      stopped.current = false;
      // After a failure it goes on with what is left.
      const deleted = [...done];
      const left = ids.filter((id) => !deleted.includes(id));
      try {
        for (let start = 0; start < left.length && !stopped.current; start += STEP_LENGTH) {
          const step = left.slice(start, start + STEP_LENGTH);
          await deleteTokens({ variables: { ids: step } });
          deleted.push(...step);
          setDone([...deleted]);
        }
      } finally {
        onDeleted?.(deleted);
        void client.refetchQueries({ include: [TokensDocument] });
      }
      return deleted.length;
    });

  return {
    running: task.pending,
    doneCount: done.length,
    problem: task.problem,
    run,
    stop: () => {
      stopped.current = true;
    },
    reset: () => {
      task.clear();
      setDone([]);
    },
  };
}
