import { useMutation } from '@apollo/client/react';
import { LIMITS } from '@latchkey/shared';
import { counted } from '../../components/labels.js';
import { notifyDone, notifyProblem } from '../../components/notify.js';
import {
  SetTokensActiveDocument,
  type TokenFieldsFragment,
} from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';

/** Activates or deactivates tokens, and says so. A hundred at a time change all or none. */
export function useSetActive(): (
  tokens: readonly TokenFieldsFragment[],
  active: boolean,
) => Promise<readonly TokenFieldsFragment[]> {
  const [setActive] = useMutation(SetTokensActiveDocument);
  return async (tokens, active) => {
    const changed: TokenFieldsFragment[] = [];
    const step = LIMITS.tokensAtOnceMax;
    try {
      for (let start = 0; start < tokens.length; start += step) {
        const ids = tokens.slice(start, start + step).map(({ id }) => id);
        const { data } = await setActive({ variables: { ids, active } });
        changed.push(...(data?.setAccessTokensActive ?? []));
      }
      notifyDone(doneText(tokens, active));
    } catch (error) {
      const rest = tokens.slice(changed.length);
      notifyProblem(
        `${nameOf(rest)} ${rest.length === 1 ? 'was' : 'were'} not ${active ? 'activated' : 'deactivated'}.`,
        problemOf(error),
      );
    }
    return changed;
  };
}

function doneText(tokens: readonly TokenFieldsFragment[], active: boolean): string {
  const one = tokens.length === 1;
  if (active) return `${nameOf(tokens)} ${one ? 'works' : 'work'} again.`;
  return one
    ? `${nameOf(tokens)} is inactive. It is refused until you activate it.`
    : `${nameOf(tokens)} are inactive. They are refused until you activate them.`;
}

function nameOf(tokens: readonly TokenFieldsFragment[]): string {
  return tokens.length === 1 ? `“${tokens[0]?.description}”` : counted(tokens.length, 'token');
}
