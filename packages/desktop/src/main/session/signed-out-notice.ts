import { ConnectionProblem, type Problem, type SignedOutNotice } from '../../ipc/state.js';
import type { StoredSession } from './stored-session.js';

/** The answer to what only a signed-in person may ask. */
export const SIGNED_OUT: Problem = {
  code: ConnectionProblem.SIGNED_OUT,
  message: 'You are signed out. Sign in to go on.',
};

/** A session that the server announced as ended, for `endReason`; `at` in milliseconds since 1970. */
export function noticeOfEnd(endReason: string | null, at: number): SignedOutNotice {
  const reason = endReason === 'SESSION_EXPIRED' ? 'SESSION_EXPIRED' : 'SESSION_ENDED';
  return { reason, message: messageOf(endReason), at: new Date(at).toISOString() };
}

/** A session that the server refused; it knows best why, and says so where it knows the session at all. */
export function noticeOfRefusal(
  problem: Problem,
  session: StoredSession,
  at: number,
): SignedOutNotice {
  if (problem.code === 'UNAUTHENTICATED') {
    const message = 'The server does not know this session any more. Sign in to go on.';
    return { reason: 'SESSION_UNKNOWN', message, at: new Date(at).toISOString() };
  }
  const hasExpired = Date.parse(session.expiresAt) <= at;
  return {
    reason: hasExpired ? 'SESSION_EXPIRED' : 'SESSION_ENDED',
    message: problem.message,
    at: new Date(at).toISOString(),
  };
}

function messageOf(endReason: string | null): string {
  switch (endReason) {
    case 'SESSION_EXPIRED':
      return 'Your session has reached its end, and its token was removed with it. Sign in to go on.';
    case 'REPLACED':
      return 'This machine was signed in a second time, which ended this session and its token. Sign in to go on.';
    case 'ACCOUNT_DISABLED':
      return 'Your account was disabled, which ended this session and its token. Ask an administrator of the server.';
    case 'SIGNED_OUT':
      return 'This session was signed out, and its token was removed with it. Sign in to go on.';
    case 'REPORTED_LEAKED':
      return 'Somebody found the secret of this session and reported it as leaked, which ended the session and its token. Sign in to go on, and find out who else could read this machine’s files.';
    default:
      return 'This session was ended from another device or by an administrator, and its token was removed with it. Sign in to go on.';
  }
}
