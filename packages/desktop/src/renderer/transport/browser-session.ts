import type { ApolloClient } from '@apollo/client';
import {
  SessionEndedDocument,
  ViewerDocument,
  type ViewerQuery,
} from '../graphql/generated/operations.js';
import { problemOf } from './problem.js';
import { sessionEndWarning } from './session-warning.js';
import type { StateStore } from './state-store.js';

/** Refusals that mean: nobody is signed in here. */
export const SIGNED_OUT_CODES: readonly string[] = ['UNAUTHENTICATED', 'SESSION_EXPIRED'];

const IDLE = { status: 'IDLE', problem: null, retryAt: null } as const;

export interface BrowserSession {
  /** Asks the server who is signed in. Only its clear word signs anybody out; a failing network never does. */
  readonly refresh: () => Promise<void>;
  /** @param message why, where it was not the person's own doing */
  readonly end: (message: string | null) => void;
  /** The own session's end is expected: it is being replaced. */
  readonly stopListening: () => void;
}

/** Keeps the state of who is signed in, as the server tells it. */
export function createBrowserSession(client: ApolloClient, store: StateStore): BrowserSession {
  let listening: { unsubscribe: () => void } | undefined;

  function stopListening(): void {
    listening?.unsubscribe();
    listening = undefined;
  }

  function end(message: string | null): void {
    stopListening();
    const { session } = store.get();
    const known = session.status === 'SIGNED_IN' ? session.account.username : session.lastUsername;
    const notice =
      message && ({ reason: 'SESSION_ENDED', message, at: new Date().toISOString() } as const);
    store.set({
      phase: 'READY',
      session: { status: 'SIGNED_OUT', notice: notice || null, lastUsername: known },
      connection: IDLE,
    });
  }

  function listen(): void {
    listening ??= client.subscribe({ query: SessionEndedDocument }).subscribe({
      next({ data }) {
        const { session } = store.get();
        if (session.status !== 'SIGNED_IN' || data?.sessionEnded.id !== session.sessionId) return;
        end('This session was ended from another place. Sign in again to go on.');
      },
      error: () => void refresh(),
    });
  }

  async function refresh(): Promise<void> {
    try {
      const { data } = await client.query({ query: ViewerDocument });
      if (!data?.viewer.session) return end(null);
      store.set({ phase: 'READY', session: signedIn(data.viewer, data.viewer.session) });
      listen();
    } catch (error) {
      const problem = problemOf(error);
      const { phase, session } = store.get();
      if (SIGNED_OUT_CODES.includes(problem.code)) {
        end(
          session.status === 'SIGNED_IN' ? 'Your session has ended. Sign in again to go on.' : null,
        );
      } else if (phase === 'STARTING') {
        store.set({ connection: { status: 'OFFLINE', problem, retryAt: null } });
      }
    }
  }

  return { refresh, end, stopListening };
}

type Viewer = ViewerQuery['viewer'];

function signedIn({ account }: Viewer, session: NonNullable<Viewer['session']>) {
  const { id, createdAt, expiresAt } = session;
  return {
    status: 'SIGNED_IN',
    account: { id: account.id, username: account.username, role: account.role },
    sessionId: id,
    expiresAt,
    warning: sessionEndWarning(Date.parse(createdAt), Date.parse(expiresAt), Date.now()),
    // A browser's sign-in makes no token.
    sessionToken: { status: 'UNKNOWN' },
  } as const;
}
