import { ApolloLink, Observable } from '@apollo/client';
import { type DocumentNode, type OperationDefinitionNode, print } from 'graphql';
import type { Bridge, GraphqlError, GraphqlRequest } from '../../ipc/contract.js';
import type { AppState } from '../../ipc/state.js';
import { createLastingSubscriptions } from './lasting-subscriptions.js';
import { ProblemError } from './problem.js';
import { createListeners, createStateStore } from './state-store.js';
import type { Transport, TransportState } from './transport.js';

/** Everything over `window.bridge`: the window itself has no network and holds no credential. */
export async function createDesktopTransport(bridge: Bridge): Promise<Transport> {
  const store = createStateStore(fromAppState(await bridge.appState()));
  const connected = createListeners<[]>();
  bridge.onStateChanged((state) => store.set(fromAppState(state)));

  return {
    link: ApolloLink.from([
      createLastingSubscriptions(connected.call),
      createBridgeLink(bridge, connected.call),
    ]),
    getState: store.get,
    onStateChanged: store.onChanged,
    onConnected: connected.add,
    onNotice: bridge.onNoticeRaised,
    onRouteRequested: bridge.onRouteRequested,
    signIn: ({ serverAddress = '', ...rest }) => bridge.signIn({ serverAddress, ...rest }),
    reauthenticate: bridge.reauthenticate,
    async signOut() {
      await bridge.signOut();
      return { ok: true, value: null };
    },
    retryConnection: () => void bridge.retryConnection(),
    async copySecret(secret) {
      await bridge.copySecret(secret);
    },
    async copyText(text) {
      await bridge.copyText(text);
    },
    serverChoice: {
      async describe(address) {
        const outcome = await bridge.describeServer(address);
        return outcome.ok ? { ok: true, ...outcome.value } : outcome;
      },
    },
    sessionToken: { ensure: bridge.ensureSessionToken },
    integrations: {
      list: bridge.integrations,
      preview: bridge.previewIntegration,
      install: bridge.installIntegration,
      remove: bridge.removeIntegration,
    },
    async program() {
      const app = await bridge.appInfo();
      return [
        { name: 'App', value: `${app.name} ${app.version}` },
        { name: 'This device', value: app.deviceName },
        { name: 'Electron', value: app.electronVersion },
        { name: 'Chromium', value: app.chromiumVersion },
      ];
    },
  };
}

function fromAppState(state: AppState): TransportState {
  return {
    phase: state.phase,
    session: state.session,
    connection: state.connection,
    serverAddress: state.serverAddress,
    signInForgottenOnQuit: state.secretStorage === 'MEMORY',
    pendingSignOutCount: state.pendingSignOutCount,
  };
}

function createBridgeLink(bridge: Bridge, onConnected: () => void): ApolloLink {
  return new ApolloLink((operation) => {
    const request: GraphqlRequest = {
      query: print(operation.query),
      ...(operation.operationName && { operationName: operation.operationName }),
      variables: operation.variables,
    };
    return isSubscription(operation.query)
      ? subscribe(bridge, request, onConnected)
      : execute(bridge, request);
  });
}

function execute(bridge: Bridge, request: GraphqlRequest): Observable<ApolloLink.Result> {
  return new Observable((observer) => {
    bridge
      .execute(request)
      .then((result) => {
        if (!result.ok) throw new ProblemError(result.problem);
        observer.next(resultOf(result.data, result.errors));
        observer.complete();
      })
      .catch((error: unknown) => observer.error(error));
  });
}

function subscribe(
  bridge: Bridge,
  request: GraphqlRequest,
  onConnected: () => void,
): Observable<ApolloLink.Result> {
  return new Observable((observer) => {
    const subscriptionId = crypto.randomUUID();
    const stopListening = bridge.onSubscriptionEvent((event) => {
      if (event.subscriptionId !== subscriptionId) return;
      if (event.kind === 'NEXT') observer.next(resultOf(event.data, event.errors));
      else if (event.kind === 'CONNECTED') onConnected();
      else if (event.kind === 'COMPLETED') observer.complete();
      else {
        observer.next(resultOf(null, event.errors));
        observer.complete();
      }
    });
    bridge
      .subscribe({ ...request, subscriptionId })
      .catch((error: unknown) => observer.error(error));
    return () => {
      stopListening();
      void bridge.unsubscribe(subscriptionId);
    };
  });
}

function isSubscription(document: DocumentNode): boolean {
  return document.definitions.some(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === 'OperationDefinition' && definition.operation === 'subscription',
  );
}

function resultOf(
  data: Readonly<Record<string, unknown>> | null,
  errors: readonly GraphqlError[],
): ApolloLink.Result {
  return { data, ...(errors.length > 0 && { errors }) };
}
