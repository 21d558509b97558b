import type { AuthChecker } from 'type-graphql';
import {
  type Context,
  refuseToken,
  requireCredential,
  requireSessionCredential,
} from '../context.js';

/** What a field asks of its caller; a field without it answers anybody. */
export const Access = {
  /** A session or a token. */
  ANY_CREDENTIAL: 'ANY_CREDENTIAL',
  /** A session: whatever manages tokens, sessions or the account. */
  SESSION: 'SESSION',
  /** A session, or who has just signed in: a token may not read it. */
  NO_TOKEN: 'NO_TOKEN',
} as const;
export type Access = (typeof Access)[keyof typeof Access];

export const authChecker: AuthChecker<Context, Access> = ({ context, info }, [access]) => {
  if (access === Access.ANY_CREDENTIAL) {
    requireCredential(context);
    return true;
  }
  if (access === Access.NO_TOKEN) {
    refuseToken(context);
    return true;
  }
  const { requireLive } = requireSessionCredential(context);
  // The session was read once for the operation, and what comes before this in it may have ended it.
  return info.parentType.name !== 'Mutation' || requireLive().then(() => true);
};
