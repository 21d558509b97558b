import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { tap } from 'rxjs';
import { isSessionOver } from '../../ipc/session-rules.js';
import { EndSessionDocument, SignOutDocument } from '../graphql/generated/operations.js';
import { createBrowserAccounts } from './browser-accounts.js';
import { type BrowserSession, createBrowserSession, signInByCookie } from './browser-session.js';
import { type BrowserSocket, createBrowserSocket } from './browser-socket.js';
import { copyAndClear } from './clipboard.js';
import { createLastingSubscriptions } from './lasting-subscriptions.js';
import { attempt, problemOf } from './problem.js';
import { createListeners, createStateStore, type StateStore } from './state-store.js';
import type { Transport } from './transport.js';

/** The session's end moves while it is used, and warnings fall due: both are looked at this often. */
const REFRESH_EVERY_MS = 60_000;

/** HTTP and WebSocket to the server that served the page. The credential is a cookie that no script can read. */
export function createBrowserTransport(): Transport {
  const store = createStateStore({
    phase: 'STARTING',
    session: { status: 'SIGNED_OUT', notice: null, lastUsername: null },
    connection: { status: 'IDLE', problem: null, retryAt: null },
    serverAddress: window.location.origin,
    signInForgottenOnQuit: false,
    pendingSignOutCount: 0,
  });
  const connected = createListeners<[]>();
  const socket = connectSocket(store, connected.call, () => session.refresh());
  const link = createLink(socket);
  const lasting = createLastingSubscriptions(connected.call);
  const client = createOwnClient(ApolloLink.from([lasting, link]));
  const session = createBrowserSession(client, store);
  keepFresh(store, session);

  return {
    link: ApolloLink.from([lasting, createSignedOutWatch(() => void session.refresh()), link]),
    getState: store.get,
    onStateChanged: store.onChanged,
    onConnected: connected.add,
    onNotice: () => () => undefined,
    onRouteRequested: () => () => undefined,
    signIn: (credentials) => signInByCookie(client, store, session, credentials),
    async reauthenticate(answer) {
      const before = store.get().session;
      if (before.status !== 'SIGNED_IN') throw new Error('Nobody is signed in.');
      const credentials = { username: before.account.username, ...answer };
      const outcome = await signInByCookie(client, store, session, credentials);
      // The new session stands; the old one would only lie about until its end.
      const variables = { id: before.sessionId };
      if (outcome.ok)
        await attempt(() => client.mutate({ mutation: EndSessionDocument, variables }));
      return outcome;
    },
    async signOut() {
      const outcome = await attempt(() => client.mutate({ mutation: SignOutDocument }));
      // Somebody who is signed out already, by another tab or by a second click, has what was asked for.
      if (store.get().session.status === 'SIGNED_OUT') return { ok: true, value: null };
      if (!outcome.ok && !isSessionOver(outcome.problem.code)) return outcome;
      session.end(null);
      return { ok: true, value: null };
    },
    retryConnection() {
      socket.retryNow();
      void session.refresh();
    },
    copySecret: copyAndClear,
    copyText: (text) => navigator.clipboard.writeText(text),
    accounts: createBrowserAccounts(client),
  };
}

function connectSocket(
  store: StateStore,
  onConnected: () => void,
  onSessionOver: () => Promise<void>,
): BrowserSocket {
  const address = `${window.location.origin.replace(/^http/, 'ws')}/graphql`;
  return createBrowserSocket(address, {
    onOnline() {
      store.set({ connection: { status: 'ONLINE', problem: null, retryAt: null } });
      onConnected();
    },
    onClosed() {
      if (store.get().connection.status !== 'ONLINE') return;
      store.set({ connection: { status: 'CONNECTING', problem: null, retryAt: null } });
    },
    onOffline(retryAtMs) {
      const problem = { code: 'SERVER_UNREACHABLE', message: 'The server does not answer.' };
      const retryAt = new Date(retryAtMs).toISOString();
      store.set({ connection: { status: 'OFFLINE', problem, retryAt } });
    },
    onSessionOver,
  });
}

function createLink(socket: BrowserSocket): ApolloLink {
  return ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket.client),
    // The header makes the request one that a foreign page cannot send without the server's leave.
    new HttpLink({ uri: '/graphql', headers: { 'apollo-require-preflight': 'true' } }),
  );
}

/** For the transport's own questions: what they answer is state, and in no cache. */
function createOwnClient(link: ApolloLink): ApolloClient {
  return new ApolloClient({
    link,
    cache: new InMemoryCache(),
    defaultOptions: { query: { fetchPolicy: 'no-cache' }, mutate: { fetchPolicy: 'no-cache' } },
  });
}

function keepFresh(store: StateStore, session: BrowserSession): void {
  const refreshIfSignedIn = () => {
    if (!document.hidden && store.get().session.status === 'SIGNED_IN') void session.refresh();
  };
  void session.refresh();
  setInterval(refreshIfSignedIn, REFRESH_EVERY_MS);
  document.addEventListener('visibilitychange', refreshIfSignedIn);
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
          if (isSessionOver(problemOf(error).code)) onSignedOut();
        },
      }),
    ),
  );
}

function isSignedOut(error: { readonly extensions?: Readonly<Record<string, unknown>> }): boolean {
  return isSessionOver(String(error.extensions?.['code']));
}
