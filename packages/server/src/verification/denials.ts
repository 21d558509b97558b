import {
  ErrorCode,
  LIMITS,
  type Scope,
  SECRET_PREFIX,
  type SecretKind,
  secretKindOf,
  toScopeSet,
} from '@latchkey/shared';
import type { AccessRecord } from './access-record.js';
import type { Denial } from './decision.js';

/** One answer for all tokens that do not exist, so that answers tell nothing of what exists. */
export function unknown(): Denial {
  return refuse(
    ErrorCode.UNAUTHENTICATED,
    'This is not a valid access token. Check that it was copied whole, or make a new one.',
  );
}

/** Secrets that are no tokens, and what each is good for. */
const OTHER_KINDS: Partial<Record<SecretKind, string>> = {
  SESSION: "a session's secret, which works in the GraphQL API alone",
  RESOURCE_SERVER: "a resource server's secret, which works at introspection and revocation alone",
  DEVICE: "a device's key, which works at its sign-in alone",
};
const PREFIXES = Object.values(SECRET_PREFIX);

/**
 * What cannot be a token, by its form alone; undefined where it can. Nothing is looked up, so a password gets one answer
 * whether it is right or wrong.
 */
export function notAToken(secret: string): Denial | undefined {
  const kind = secretKindOf(secret);
  if (kind !== undefined) {
    const other = OTHER_KINDS[kind];
    if (other === undefined) return undefined;
    return refuse(ErrorCode.UNAUTHENTICATED, `This is ${other}. Create a token, and use that.`);
  }
  if (PREFIXES.some((prefix) => secret.startsWith(prefix))) return unknown();
  return refuse(
    ErrorCode.UNAUTHENTICATED,
    `This is not a token. Tokens begin with ${SECRET_PREFIX.PERSONAL} or ${SECRET_PREFIX.SESSION_TOKEN}. A password does not work here: create a token, and use that.`,
  );
}

export function removed(
  { removalNote }: Pick<AccessRecord, 'removalNote'>,
  removedAt: number,
): Denial {
  return refuse(
    ErrorCode.TOKEN_REMOVED,
    `This token was removed at ${readable(removedAt)}. ${removalNote ?? ''}`.trim(),
  );
}

export function rotated(endedAt: number): Denial {
  return refuse(
    ErrorCode.TOKEN_REMOVED,
    `This secret was rotated and ended at ${readable(endedAt)}. Use the token's new secret.`,
  );
}

export function sessionOver(): Denial {
  return refuse(
    ErrorCode.SESSION_EXPIRED,
    'The session that made this token is over. Sign in again on its device to get a new token.',
  );
}

export function expired(expiredAt: number): Denial {
  return refuse(
    ErrorCode.TOKEN_EXPIRED,
    `This token expired at ${readable(expiredAt)}. Make a new one.`,
  );
}

export function inactive(): Denial {
  return refuse(
    ErrorCode.TOKEN_INACTIVE,
    'This token is switched off. Its owner can activate it in the list of tokens.',
  );
}

export function otherAccount(): Denial {
  return refuse(
    ErrorCode.UNAUTHENTICATED,
    'This token does not belong to the account that was named beside it. Check the username.',
  );
}

/** @param missing what was wanted and is not there now. */
export function insufficientScope(
  missing: readonly Scope[],
  record: Pick<AccessRecord, 'scopes'>,
): Denial {
  const onToken = (toScopeSet(missing) & ~record.scopes) !== 0;
  const who = onToken ? 'This token' : 'The account of this token';
  return {
    ...refuse(ErrorCode.FORBIDDEN, `${who} lacks ${missing.join(' and ')}.`),
    missing,
  };
}

/** @param missing what was wanted and is not the account's to do in that namespace. */
export function foreignNamespace(
  missing: readonly Scope[],
  namespace: string,
  { username }: Pick<AccessRecord, 'username'>,
): Denial {
  const where = namespace === '' ? 'outside a namespace' : `in ${short(namespace)}`;
  const message = `The account ${username} has no ${missing.join(' and no ')} ${where}.`;
  return { ...refuse(ErrorCode.FORBIDDEN, message), missing };
}

/** It stands in a header, of which proxies take a few kilobytes; a longer one than accounts have is nobody's. */
function short(namespace: string): string {
  const max = LIMITS.usernameMaxLength;
  return namespace.length > max ? `${namespace.slice(0, max)}…` : namespace;
}

function refuse(code: ErrorCode, message: string): Denial {
  return { allowed: false, code, message, missing: [] };
}

/** `2026-11-22 12:04 UTC` */
function readable(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
