import type { AuthChecker } from 'type-graphql';
import { type Context, requireCredential, requireSession } from './context.js';

/** What a field asks of its caller; a field without it answers anybody. */
export const Access = {
  /** A session or a token. */
  ANY_CREDENTIAL: 'ANY_CREDENTIAL',
  /** A session: whatever manages tokens, sessions or the account. */
  SESSION: 'SESSION',
} as const;
export type Access = (typeof Access)[keyof typeof Access];

export const authChecker: AuthChecker<Context, Access> = ({ context }, [access]) => {
  if (access === Access.ANY_CREDENTIAL) requireCredential(context);
  else requireSession(context);
  return true;
};
