import { backoffMs } from '@latchkey/shared';
import { type Client, CloseCode, createClient } from 'graphql-ws';

/** The server's word that the credential behind the socket is no longer good. */
const SESSION_OVER: readonly number[] = [CloseCode.Unauthorized, CloseCode.Forbidden];
const KEEP_ALIVE_MS = 15_000;
const PONG_WITHIN_MS = 5_000;
/** A server that takes the connection and then says nothing is tried again. */
const ACKNOWLEDGED_WITHIN_MS = 10_000;

interface SocketEvents {
  readonly onOnline: () => void;
  /** Whatever closed it: until `onOnline` nothing arrives. */
  readonly onClosed: () => void;
  /** `retryAtMs`: when it is tried again. */
  readonly onOffline: (retryAtMs: number) => void;
  /** Asks who is signed in now; where that is nobody, the subscriptions are ended by then. */
  readonly onSessionOver: () => Promise<void>;
}

export interface BrowserSocket {
  readonly client: Client;
  /** Ends the wait for the next try. */
  readonly retryNow: () => void;
}

/**
 * One WebSocket for every subscription. Lost, it comes back by itself: at once, then after waits that double up to half
 * a minute, each shortened by up to half at random so that a restarted server is not met by everybody together. A
 * session that is over may have another in its place, whose cookie the next try brings along.
 */
export function createBrowserSocket(url: string, events: SocketEvents): BrowserSocket {
  let endWait: () => void = () => undefined;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  let asked: Promise<void> | undefined;

  const client = createClient({
    url,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    async retryWait(retries) {
      await asked;
      const waitMs = backoffMs(retries);
      // A session that was renewed costs one short wait, which is no word to a person worth.
      if (!asked || retries > 0) events.onOffline(Date.now() + waitMs);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        endWait = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    keepAlive: KEEP_ALIVE_MS,
    connectionAckWaitTimeout: ACKNOWLEDGED_WITHIN_MS,
    on: {
      connected() {
        asked = undefined;
        events.onOnline();
      },
      ping(received) {
        if (!received) pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong(received) {
        if (received) clearTimeout(pongTimer);
      },
      closed(closed) {
        clearTimeout(pongTimer);
        events.onClosed();
        if (SESSION_OVER.includes(closeCodeOf(closed) ?? 0)) asked = events.onSessionOver();
      },
    },
  });
  return { client, retryNow: () => endWait() };
}

function closeCodeOf(closed: unknown): number | undefined {
  return closed instanceof CloseEvent ? closed.code : undefined;
}
