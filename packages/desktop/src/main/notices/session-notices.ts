import type { AppState, RemovedAccessToken, SessionEndWarning } from '../../ipc/state.js';
import type { SessionManager } from '../session/session-manager.js';
import type { StateHolder } from '../state-holder.js';
import type { NoticeBoard } from './notice-board.js';

const TIME_LEFT: Readonly<Record<SessionEndWarning, string>> = {
  WEEK: 'within 7 days',
  DAY: 'within a day',
  HOUR: 'within an hour',
};

/** Tells of the session's token that was taken away, and of the session's own end, before and after. */
export function raiseSessionNotices(
  board: NoticeBoard,
  manager: SessionManager,
  state: StateHolder,
): void {
  manager.listen({
    tokenRemoved: (token) =>
      board.raise({
        kind: 'SESSION_TOKEN_REMOVED',
        title: 'This machine’s token was removed',
        body: `${removalText(token)} Programs on this machine are refused until you get a new one.`,
        route: '/',
      }),
    ended: (message) =>
      board.raise({
        kind: 'SESSION_ENDED',
        title: 'You are signed out',
        body: message,
        route: '/',
      }),
  });
  let told = '';
  state.onChange((current) => {
    const due = warningOf(current);
    if (due === undefined || due.key === told) return;
    told = due.key;
    board.raise({
      kind: 'SESSION_ENDING',
      title: `Your session ends ${TIME_LEFT[due.warning]}`,
      body: `${due.username} is signed out on this machine then, and its token is removed. Enter your password to stay signed in.`,
      route: '/',
    });
  });
}

/** The server's own sentence where it gives one. */
function removalText(token: RemovedAccessToken): string {
  if (token.removalNote !== null && token.removalNote !== '') {
    return /[.!?]$/.test(token.removalNote) ? token.removalNote : `${token.removalNote}.`;
  }
  switch (token.removalReason) {
    case 'PRUNED':
      return 'Another sign-in of your account took its place.';
    case 'DELETED':
      return 'It was deleted by hand.';
    default:
      return 'The server does not say why.';
  }
}

function warningOf(
  state: AppState,
): { key: string; warning: SessionEndWarning; username: string } | undefined {
  const { session } = state;
  if (session.status === 'SIGNED_OUT' || session.warning === null) return undefined;
  return {
    // A session whose end moved away and comes near again is worth telling again.
    key: `${session.sessionId} ${session.warning} ${session.expiresAt}`,
    warning: session.warning,
    username: session.account.username,
  };
}
