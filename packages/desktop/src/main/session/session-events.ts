import { backoffMs } from '@latchkey/shared';
import type { z } from 'zod';
import type { RemovedAccessToken } from '../../ipc/state.js';
import type { Clock } from '../clock.js';
import type { SubscriptionConnection } from '../graphql/subscription-connection.js';
import { toRemovedToken } from './removed-token.js';
import { ACCESS_TOKEN_CHANGED, SESSION_ENDED } from './session-operations.js';

export interface SessionEventSink {
  ended(sessionId: string, reason: string | null): void;
  tokenRemoved(token: RemovedAccessToken): void;
}

/** Listens on the connection for what ends a session or takes a token away. */
export function watchSession(
  connection: SubscriptionConnection,
  clock: Clock,
  sink: SessionEventSink,
): void {
  listen(connection, clock, SESSION_ENDED, ({ sessionEnded }) =>
    sink.ended(sessionEnded.id, sessionEnded.endReason),
  );
  listen(
    connection,
    clock,
    ACCESS_TOKEN_CHANGED,
    ({ accessTokenChanged: { kind, accessToken } }) => {
      if (kind === 'REMOVED') sink.tokenRemoved(toRemovedToken(accessToken));
    },
  );
}

/**
 * One of main's own subscriptions, its events read by the schema; what does not fit is passed over. Refused or ended by
 * the server it is begun anew, after waits that grow: what the server cannot do now it may do later.
 */
export function listen<Data>(
  connection: SubscriptionConnection,
  clock: Clock,
  operation: { readonly query: string; readonly schema: z.ZodType<Data> },
  onEvent: (data: Data) => void,
): void {
  let attempt = 0;
  const beginAgain = (): void => {
    clock.after(backoffMs(attempt++), begin);
  };
  const begin = (): void => {
    connection.subscribe(
      { query: operation.query },
      {
        next(answer) {
          const parsed = operation.schema.safeParse(answer.data);
          if (!parsed.success) return;
          attempt = 0;
          onEvent(parsed.data);
        },
        connected: () => undefined,
        failed: beginAgain,
        completed: beginAgain,
      },
    );
  };
  begin();
}
