import type { SignedOutNotice } from '../../ipc/state.js';

/** Why a session is over, in the server's word: the end's reason from an event, or the code of a refusal. */
export function signedOutNotice(word: string | null, at: number): SignedOutNotice {
  return { reason: reasonOf(word), message: messageOf(word), at: new Date(at).toISOString() };
}

function reasonOf(word: string | null): SignedOutNotice['reason'] {
  if (word === 'SESSION_EXPIRED') return 'SESSION_EXPIRED';
  return word === 'UNAUTHENTICATED' ? 'SESSION_UNKNOWN' : 'SESSION_ENDED';
}

function messageOf(word: string | null): string {
  switch (word) {
    case 'SESSION_EXPIRED':
      return 'Your session has reached its end, and its token was removed with it. Sign in to go on.';
    case 'UNAUTHENTICATED':
      return 'The server does not know this session any more. Sign in to go on.';
    case 'REPLACED':
      return 'This machine was signed in a second time, which ended this session and its token. Sign in to go on.';
    case 'ACCOUNT_DISABLED':
      return 'Your account was disabled, which ended this session and its token. Ask an administrator of the server.';
    case 'SIGNED_OUT':
      return 'This session was signed out, and its token was removed with it. Sign in to go on.';
    default:
      return 'This session was ended from another device or by an administrator, and its token was removed with it. Sign in to go on.';
  }
}
