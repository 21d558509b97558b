import type { Clock } from '../clock.js';
import { listen } from '../session/session-events.js';
import type { SessionManager } from '../session/session-manager.js';
import { ACCESS_TOKEN_CHANGED } from '../session/session-operations.js';
import type { NoticeBoard } from './notice-board.js';

/** Tells of a token that was ended because somebody found its secret. The session's own has a notice already. */
export function raiseLeakNotices(board: NoticeBoard, manager: SessionManager, clock: Clock): void {
  manager.listen({
    connectionOpened: (connection) =>
      listen(
        connection,
        clock,
        ACCESS_TOKEN_CHANGED,
        ({ accessTokenChanged: { kind, accessToken } }) => {
          const { id, description, removalReason, removalNote } = accessToken;
          if (kind !== 'REMOVED' || removalReason !== 'REPORTED_LEAKED') return;
          if (id === manager.session?.accessTokenId) return;
          board.raise({
            kind: 'TOKEN_REPORTED_LEAKED',
            title: 'A token was reported as leaked',
            body: `“${description}” no longer works. ${removalNote ?? ''} Look where it was used, and give its programs a new token.`,
            route: `/tokens/${id}`,
          });
        },
      ),
  });
}
