import type { ApolloClient } from '@apollo/client';
import {
  SessionEndedDocument,
  ViewerDocument,
  type ViewerQuery,
} from '../graphql/generated/operations.js';
import { problemOf } from './problem.js';
import { sessionEndWarning } from './session-warning.js';
import type { StateStore } from './state-store.js';
import type { Problem } from './transport.js';

/** Refusals that mean: nobody is signed in here. */
export const SIGNED_OUT_CODES: readonly string[] = ['UNAUTHENTICATED', 'SESSION_EXPIRED'];

const OVER = 'Your session has ended. Sign in again to go on.';
const OVER_FROM_ELSEWHERE = 'This session was ended from another place. Sign in again to go on.';

const IDLE = { status: 'IDLE', problem: null, retryAt: null } as const;

export interface BrowserSession {
  /** Asks the server who is signed in. Only its clear word signs anybody out; a failing network never does. */
  readonly refresh: () => Promise<void>;
  /** @param message why, where it was not the person's own doing */
  readonly end: (message: string | null) => void;
}

/** Keeps the state of who is signed in, as the server tells it. */
export function createBrowserSession(client: ApolloClient, store: StateStore): BrowserSession {
  let listening: { unsubscribe: () => void } | undefined;
  let endMessage = OVER;
  let lastAsked = 0;
  let lastAnswered = 0;

  function end(message: string | null): void {
    listening?.unsubscribe();
    listening = undefined;
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
        // Another tab may have signed in anew, and ended the old session itself.
        endMessage = OVER_FROM_ELSEWHERE;
        void refresh();
      },
      error: () => void refresh(),
    });
  }

  async function refresh(): Promise<void> {
    const asked = ++lastAsked;
    const answer = await ask(client);
    // An answer that was overtaken by a later question's may be of a session that is gone.
    if (asked < lastAnswered) return;
    lastAnswered = asked;
    const { phase, session } = store.get();
    if (answer.viewer?.session) {
      endMessage = OVER;
      store.set({ phase: 'READY', session: signedIn(answer.viewer, answer.viewer.session) });
      listen();
    } else if (!answer.problem || SIGNED_OUT_CODES.includes(answer.problem.code)) {
      if (session.status === 'SIGNED_IN') end(endMessage);
      else if (phase === 'STARTING') end(null);
    } else if (phase === 'STARTING') {
      store.set({ connection: { status: 'OFFLINE', problem: answer.problem, retryAt: null } });
    }
  }

  return { refresh, end };
}

type Viewer = ViewerQuery['viewer'];

async function ask(
  client: ApolloClient,
): Promise<{ readonly viewer?: Viewer | undefined; readonly problem?: Problem }> {
  try {
    const { data } = await client.query({ query: ViewerDocument });
    return { viewer: data?.viewer };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

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
