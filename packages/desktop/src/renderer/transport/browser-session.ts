import type { ApolloClient } from '@apollo/client';
import type { SignInResult } from '../../ipc/contract.js';
import { isSessionOver, sessionEndWarning } from '../../ipc/session-rules.js';
import {
  SessionEndedDocument,
  SignInDocument,
  type SignInMutation,
  ViewerDocument,
  type ViewerQuery,
} from '../graphql/generated/operations.js';
import { problemOf } from './problem.js';
import type { StateStore } from './state-store.js';
import type { Credentials, Problem, RemovedAccessToken } from './transport.js';

const OVER = 'Your session has ended. Sign in again to go on.';
const OVER_FROM_ELSEWHERE = 'This session was ended from another place. Sign in again to go on.';

const COOKIE_NOT_KEPT = {
  code: 'UNAUTHENTICATED',
  message:
    'The password is right, but the browser did not keep the session. Allow cookies for this address, then try again.',
};

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
    } else if (!answer.problem || isSessionOver(answer.problem.code)) {
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
    warning: sessionEndWarning(
      { createdAtMs: Date.parse(createdAt), expiresAtMs: Date.parse(expiresAt) },
      Date.now(),
    ),
    // A browser's sign-in makes no token.
    sessionToken: { status: 'UNKNOWN' },
  } as const;
}

/** Signs in; the server puts the session into a cookie, and its secret is never asked for. */
export async function signInByCookie(
  client: ApolloClient,
  store: StateStore,
  session: BrowserSession,
  { username, password, oneTimePassword }: Credentials,
): Promise<SignInResult> {
  const code = oneTimePassword && { oneTimePassword };
  const input = { username, password, client: 'BROWSER', ...code } as const;
  try {
    const { data } = await client.mutate({ mutation: SignInDocument, variables: { input } });
    await session.refresh();
    if (store.get().session.status !== 'SIGNED_IN') return { ok: false, problem: COOKIE_NOT_KEPT };
    return { ok: true, removedAccessTokens: removedBy(data) };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

function removedBy(data: SignInMutation | undefined): RemovedAccessToken[] {
  return (data?.signIn.removedAccessTokens ?? []).map(({ session, ...token }) => ({
    ...token,
    deviceName: session?.device?.name ?? null,
  }));
}
