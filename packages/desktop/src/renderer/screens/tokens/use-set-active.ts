import { useMutation } from '@apollo/client/react';
import { notifyDone, notifyProblem } from '../../components/notify.js';
import {
  type TokenFieldsFragment,
  UpdateTokenDocument,
} from '../../graphql/generated/operations.js';
import { problemOf } from '../../transport/problem.js';

/** Switches a token on or off, and says so. */
export function useSetActive(): (token: TokenFieldsFragment, active: boolean) => Promise<void> {
  const [update] = useMutation(UpdateTokenDocument);
  return async (token, active) => {
    try {
      await update({ variables: { input: { id: token.id, active } } });
      notifyDone(
        active
          ? `“${token.description}” works again.`
          : `“${token.description}” is switched off: it is refused until you switch it on again.`,
      );
    } catch (error) {
      notifyProblem(
        `“${token.description}” was not switched ${active ? 'on' : 'off'}.`,
        problemOf(error),
      );
    }
  };
}
