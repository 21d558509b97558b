import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { tap } from 'rxjs';
import {
  EndSessionDocument,
  ServerInfoDocument,
  SessionEndedDocument,
  SignInDocument,
  type SignInMutation,
  SignOutDocument,
  SignUpDocument,
  ViewerDocument,
} from '../graphql/generated/operations.js';
import { createBrowserSocket } from './browser-socket.js';
import { copyAndClear } from './clipboard.js';
import { problemOf } from './problem.js';
import { sessionEndWarning } from './session-warning.js';
import { createListeners, createStateStore } from './state-store.js';
import type {
  ActionOutcome,
  Credentials,
  RemovedAccessToken,
  SignInOutcome,
  Transport,
  TransportState,
} from './transport.js';

/** The session's end moves while it is used, and warnings fall due: both are looked at this often. */
const REFRESH_EVERY_MS = 60_000;
const SIGNED_OUT_CODES = ['UNAUTHENTICATED', 'SESSION_EXPIRED'];

const STARTING: TransportState = {
  phase: 'STARTING',
  session: { status: 'SIGNED_OUT', notice: null, lastUsername: null },
  connection: { status: 'IDLE', problem: null, retryAt: null },
  serverAddress: window.location.origin,
  signInForgottenOnQuit: false,
  pendingSignOutCount: 0,
};

/** HTTP and WebSocket to the server that served the page. The credential is a cookie that no script can read. */
export function createBrowserTransport(): Transport {
  const store = createStateStore(STARTING);
  const resumed = createListeners<[]>();

  const socket = createBrowserSocket(socketAddress(), {
    onOnline(wasLost) {
      store.set({ connection: { status: 'ONLINE', problem: null, retryAt: null } });
      if (wasLost) resumed.call();
    },
    onOffline(retryAtMs) {
      store.set({
        connection: {
          status: 'OFFLINE',
          problem: { code: 'SERVER_UNREACHABLE', message: 'The server does not answer.' },
          retryAt: new Date(retryAtMs).toISOString(),
        },
      });
    },
    onSessionOver: () => void refresh(),
  });

  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket.client),
    // The header makes the request one that a foreign page cannot send without the server's leave.
    new HttpLink({ uri: '/graphql', headers: { 'apollo-require-preflight': 'true' } }),
  );
  const client = new ApolloClient({
    link,
    cache: new InMemoryCache(),
    defaultOptions: {
      query: { fetchPolicy: 'no-cache' },
      mutate: { fetchPolicy: 'no-cache' },
    },
  });
  let ownSessionEvents: { unsubscribe: () => void } | undefined;

  function becomeSignedOut(message: string | null): void {
    ownSessionEvents?.unsubscribe();
    ownSessionEvents = undefined;
    const { session } = store.get();
    store.set({
      phase: 'READY',
      session: {
        status: 'SIGNED_OUT',
        notice:
          message === null
            ? null
            : { reason: 'SESSION_ENDED', message, at: new Date().toISOString() },
        lastUsername:
          session.status === 'SIGNED_IN' ? session.account.username : session.lastUsername,
      },
      connection: { status: 'IDLE', problem: null, retryAt: null },
    });
  }

  /** Asks the server who is signed in. Only its clear word signs anybody out; a failing network never does. */
  async function refresh(): Promise<void> {
    try {
      const { data } = await client.query({ query: ViewerDocument });
      const viewer = data?.viewer;
      if (!viewer?.session) return becomeSignedOut(null);
      becomeSignedIn(viewer.account, viewer.session);
    } catch (error) {
      const problem = problemOf(error);
      const wasSignedIn = store.get().session.status === 'SIGNED_IN';
      if (SIGNED_OUT_CODES.includes(problem.code)) {
        becomeSignedOut(wasSignedIn ? 'Your session has ended. Sign in again to go on.' : null);
      } else if (store.get().phase === 'STARTING') {
        store.set({ connection: { status: 'OFFLINE', problem, retryAt: null } });
      }
    }
  }

  function becomeSignedIn(
    account: { id: string; username: string; role: 'ADMINISTRATOR' | 'MEMBER' },
    session: { id: string; createdAt: string; expiresAt: string },
  ): void {
    store.set({
      phase: 'READY',
      session: {
        status: 'SIGNED_IN',
        account: { id: account.id, username: account.username, role: account.role },
        sessionId: session.id,
        expiresAt: session.expiresAt,
        warning: sessionEndWarning(
          Date.parse(session.createdAt),
          Date.parse(session.expiresAt),
          Date.now(),
        ),
        sessionToken: { status: 'UNKNOWN' },
      },
    });
    ownSessionEvents ??= client.subscribe({ query: SessionEndedDocument }).subscribe({
      next({ data }) {
        const current = store.get().session;
        if (current.status !== 'SIGNED_IN' || data?.sessionEnded.id !== current.sessionId) return;
        becomeSignedOut('This session was ended from another place. Sign in again to go on.');
      },
      error: () => void refresh(),
    });
  }

  async function signIn(credentials: Credentials): Promise<SignInOutcome> {
    const { username, password, oneTimePassword } = credentials;
    try {
      const { data } = await client.mutate({
        mutation: SignInDocument,
        variables: {
          input: {
            username,
            password,
            client: 'BROWSER',
            ...(oneTimePassword && { oneTimePassword }),
          },
        },
      });
      await refresh();
      return { ok: true, removedAccessTokens: removedBy(data) };
    } catch (error) {
      return { ok: false, problem: problemOf(error) };
    }
  }

  async function attempt(action: () => Promise<unknown>): Promise<ActionOutcome> {
    try {
      await action();
      return { ok: true };
    } catch (error) {
      return { ok: false, problem: problemOf(error) };
    }
  }

  void refresh();
  setInterval(() => {
    if (store.get().session.status === 'SIGNED_IN') void refresh();
  }, REFRESH_EVERY_MS);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && store.get().session.status === 'SIGNED_IN') void refresh();
  });

  return {
    link: ApolloLink.from([createSignedOutWatch(() => void refresh()), link]),
    getState: store.get,
    onStateChanged: store.onChanged,
    onResumed: resumed.add,
    onNotice: () => () => undefined,
    onRouteRequested: () => () => undefined,
    signIn,
    async reauthenticate(answer) {
      const before = store.get().session;
      if (before.status !== 'SIGNED_IN') return signIn({ username: '', ...answer });
      ownSessionEvents?.unsubscribe();
      ownSessionEvents = undefined;
      const outcome = await signIn({ username: before.account.username, ...answer });
      if (!outcome.ok) await refresh();
      else {
        // The new session stands; the old one would only lie about until its end.
        await attempt(() =>
          client.mutate({ mutation: EndSessionDocument, variables: { id: before.sessionId } }),
        );
      }
      return outcome;
    },
    async signOut() {
      const outcome = await attempt(() => client.mutate({ mutation: SignOutDocument }));
      if (outcome.ok || SIGNED_OUT_CODES.includes(outcome.problem.code)) becomeSignedOut(null);
      return outcome;
    },
    retryConnection() {
      socket.retryNow();
      void refresh();
    },
    copySecret: copyAndClear,
    copyText: (text) => navigator.clipboard.writeText(text),
    accounts: {
      async policy() {
        const { data } = await client.query({ query: ServerInfoDocument });
        return {
          setupRequired: data?.serverInfo.setupRequired ?? false,
          signUpsOpen: data?.serverInfo.signUpsOpen ?? false,
        };
      },
      create: (account) =>
        attempt(() => client.mutate({ mutation: SignUpDocument, variables: { input: account } })),
    },
  };
}

/** Any answer that says "signed out" makes the transport ask once more, and believe the server. */
function createSignedOutWatch(onSignedOut: () => void): ApolloLink {
  return new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap({
        next(result) {
          if ('errors' in result && result.errors?.some(isSignedOut)) onSignedOut();
        },
        error(error: unknown) {
          if (SIGNED_OUT_CODES.includes(problemOf(error).code)) onSignedOut();
        },
      }),
    ),
  );
}

function isSignedOut(error: { readonly extensions?: Readonly<Record<string, unknown>> }): boolean {
  return SIGNED_OUT_CODES.includes(String(error.extensions?.code));
}

function removedBy(data: SignInMutation | undefined): RemovedAccessToken[] {
  return (data?.signIn.removedAccessTokens ?? []).map(({ session, ...token }) => ({
    ...token,
    deviceName: session?.device?.name ?? null,
  }));
}

function socketAddress(): string {
  return `${window.location.origin.replace(/^http/, 'ws')}/graphql`;
}
