import { type Client, CloseCode, createClient } from 'graphql-ws';

/** The server's word that the credential behind the socket is no longer good. */
const SESSION_OVER: readonly number[] = [CloseCode.Unauthorized, CloseCode.Forbidden];
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const KEEP_ALIVE_MS = 15_000;
const PONG_WITHIN_MS = 5_000;

interface SocketEvents {
  readonly onOnline: () => void;
  /** `retryAtMs`: when it is tried again. */
  readonly onOffline: (retryAtMs: number) => void;
  readonly onSessionOver: () => void;
}

export interface BrowserSocket {
  readonly client: Client;
  /** Ends the wait for the next try. */
  readonly retryNow: () => void;
}

/**
 * One WebSocket for every subscription. Lost, it comes back by itself: at once, then after waits that double up to half
 * a minute, each shortened by up to half at random so that a restarted server is not met by everybody together.
 */
export function createBrowserSocket(url: string, events: SocketEvents): BrowserSocket {
  let endWait: () => void = () => undefined;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;

  const client = createClient({
    url,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (closed) => !SESSION_OVER.includes(closeCodeOf(closed) ?? 0),
    async retryWait(retries) {
      const longestMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retries);
      const waitMs = longestMs * (1 - Math.random() / 2);
      events.onOffline(Date.now() + waitMs);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        endWait = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    keepAlive: KEEP_ALIVE_MS,
    on: {
      connected: () => events.onOnline(),
      ping(received) {
        if (!received) pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong(received) {
        if (received) clearTimeout(pongTimer);
      },
      closed(closed) {
        clearTimeout(pongTimer);
        if (SESSION_OVER.includes(closeCodeOf(closed) ?? 0)) events.onSessionOver();
      },
    },
  });
  return { client, retryNow: () => endWait() };
}

function closeCodeOf(closed: unknown): number | undefined {
  return closed instanceof CloseEvent ? closed.code : undefined;
}
