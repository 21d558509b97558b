import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import type { Session } from '../database/entities/session.entity.js';
import type { Caller } from '../http/caller.js';
import type { TokenHolder } from '../verification/decision.js';
import type { Feeds, Reach } from './feeds.js';
import type { Cookies } from './transport/cookies.js';

/** What a request was made with. */
export type Credential =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'session';
      readonly session: Session;
      /** @throws LatchkeyError SESSION_EXPIRED where it has ended since it was read */
      readonly requireLive: () => Promise<unknown>;
    }
  | { readonly kind: 'token'; readonly holder: TokenHolder }
  /** Something was offered and is no good; whatever needs a credential answers this. */
  | { readonly kind: 'refused'; readonly error: LatchkeyError };

/** What every resolver may know of the request. */
export interface Context extends Caller {
  readonly credential: Credential;
  readonly feeds: Feeds;
  /** Of the answer, over HTTP; a socket has none. */
  readonly cookies?: Cookies;
}

/** @throws LatchkeyError unless the request was made with a session's secret */
export function requireSession(context: Context): Session {
  return requireSessionCredential(context).session;
}

/** @throws LatchkeyError unless the request was made with a session's secret */
export function requireSessionCredential({
  credential,
}: Context): Extract<Credential, { kind: 'session' }> {
  if (credential.kind === 'session') return credential;
  if (credential.kind === 'refused') throw credential.error;
  if (credential.kind === 'none') throw unauthenticated();
  throw sessionRequired();
}

/** @throws LatchkeyError unless the request was made with a good session or token */
export function requireCredential({
  credential,
}: Context): Extract<Credential, { kind: 'session' | 'token' }> {
  if (credential.kind === 'refused') throw credential.error;
  if (credential.kind === 'none') throw unauthenticated();
  return credential;
}

/** @throws LatchkeyError unless the request was made with a good session or token */
export function reachOf(context: Context): Reach {
  const credential = requireCredential(context);
  return credential.kind === 'session'
    ? { accountId: credential.session.accountId, onlyTokenId: undefined }
    : { accountId: credential.holder.accountId, onlyTokenId: credential.holder.accessTokenId };
}

/** @throws LatchkeyError where the request was made with a token */
export function refuseToken({ credential }: Context): void {
  if (credential.kind === 'token') throw sessionRequired();
}

function sessionRequired(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.SESSION_REQUIRED,
    'An access token cannot do this. Sign in, and use the session.',
  );
}

function unauthenticated(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.UNAUTHENTICATED,
    'Sign in first, or send an access token: Authorization: Bearer, and the secret.',
  );
}
