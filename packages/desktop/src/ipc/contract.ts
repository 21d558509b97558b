import type {
  Integration,
  IntegrationChange,
  IntegrationKind,
  IntegrationPreview,
  IntegrationRequest,
  Integrations,
} from './integrations.js';
import type { AppState, Problem, RemovedAccessToken } from './state.js';

export interface AppInfo {
  readonly name: string;
  readonly version: string;
  /** `linux`, `darwin` or `win32`. */
  readonly platform: string;
  readonly electronVersion: string;
  readonly chromiumVersion: string;
  /** The machine's name, as the server is told it. */
  readonly deviceName: string;
  readonly deviceId: string;
}

export interface ServerDescription {
  /** Normalized: scheme, host and port, no slash at the end. */
  readonly address: string;
  readonly version: string;
  /** Nobody has an account there yet: the administrator's is made in the browser, at `address`. */
  readonly setupRequired: boolean;
}

export interface SignInRequest {
  readonly serverAddress: string;
  readonly username: string;
  readonly password: string;
  readonly oneTimePassword?: string;
}

/** Asks for the password again in place, for the account and server that are signed in. */
export interface ReauthenticateRequest {
  readonly password: string;
  readonly oneTimePassword?: string;
}

/** `ONE_TIME_PASSWORD_REQUIRED` as the problem's code means: ask for it and send everything again. */
export type SignInResult =
  | { readonly ok: true; readonly removedAccessTokens: readonly RemovedAccessToken[] }
  | { readonly ok: false; readonly problem: Problem };

export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

/** One operation as GraphQL text. Those that yield a session's secrets (`signIn`, `ensureSessionToken`) are refused. */
export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The server's answer as it came (`data`, `errors`), or the problem that kept it from coming. */
export type GraphqlResult =
  | {
      readonly ok: true;
      readonly data: Readonly<Record<string, unknown>> | null;
      readonly errors: readonly GraphqlError[];
    }
  | { readonly ok: false; readonly problem: Problem };

/** A subscription under a name that the renderer chose (unique in its window); events carry it. */
export interface SubscriptionRequest extends GraphqlRequest {
  readonly subscriptionId: string;
}

export type SubscriptionEvent =
  | {
      readonly subscriptionId: string;
      readonly kind: 'NEXT';
      readonly data: Readonly<Record<string, unknown>> | null;
      readonly errors: readonly GraphqlError[];
    }
  /** The connection is open, at first or again: what happened before has to be asked for. */
  | { readonly subscriptionId: string; readonly kind: 'CONNECTED' }
  | {
      readonly subscriptionId: string;
      readonly kind: 'FAILED';
      readonly errors: readonly GraphqlError[];
    }
  | { readonly subscriptionId: string; readonly kind: 'COMPLETED' };

/** Something worth telling at once. It was shown by the system too where `shownBySystem`. */
export interface Notice {
  readonly id: string;
  readonly kind:
    | 'SESSION_TOKEN_REMOVED'
    | 'SESSION_ENDING'
    | 'SESSION_ENDED'
    | 'TOKEN_REPORTED_LEAKED'
    | 'TOKEN_USED_AFTER_SILENCE'
    | 'TOKEN_USED_FROM_NEW_NETWORK';
  readonly title: string;
  readonly body: string;
  /** Where it leads: a route of the renderer, such as `/tokens/ID`. */
  readonly route: string | null;
  /** ISO 8601. */
  readonly at: string;
  readonly shownBySystem: boolean;
}

/** Request channels: each a method of `window.bridge`, answered by main. */
export interface RequestChannels {
  readonly appInfo: () => AppInfo;
  readonly appState: () => AppState;
  /** Looks at a server before anybody signs in; what is wrong with the address comes back as a problem. */
  readonly describeServer: (serverAddress: string) => Outcome<ServerDescription>;
  readonly signIn: (request: SignInRequest) => SignInResult;
  readonly reauthenticate: (request: ReauthenticateRequest) => SignInResult;
  /** Done at once, offline too; the server's part is replayed until it has heard of it. */
  readonly signOut: () => null;
  /** Brings the session's own token back after it was pruned or deleted. Its secret stays in main. */
  readonly ensureSessionToken: () => Outcome<null>;
  readonly execute: (request: GraphqlRequest) => GraphqlResult;
  readonly subscribe: (request: SubscriptionRequest) => null;
  readonly unsubscribe: (subscriptionId: string) => null;
  /** Copies a text, and clears the clipboard after 60 s where it still holds that text. */
  readonly copySecret: (text: string) => null;
  /** Copies a text that is no secret; it stays. */
  readonly copyText: (text: string) => null;
  /** Opens an https address in the system's browser; anything else is refused. */
  readonly openExternal: (url: string) => null;
  /** Tries the server at once, where the connection waits for its next try. */
  readonly retryConnection: () => null;
  /** Whether docker and git ask Latchkey for credentials. */
  readonly integrations: () => Integrations;
  /** What turning it on for these hosts, or off, would change. Nothing is changed. */
  readonly previewIntegration: (request: IntegrationRequest) => Outcome<IntegrationPreview>;
  /** Makes the change that was shown; refused where the file has changed since. */
  readonly installIntegration: (change: IntegrationChange) => Outcome<Integration>;
  /** Takes the change back: the file is as it was, or without our entries where others changed it since. */
  readonly removeIntegration: (kind: IntegrationKind, basis: string) => Outcome<Integration>;
}

/** Event channels: each a method `on...` of `window.bridge` that takes a listener and returns how to stop. */
export interface EventChannels {
  readonly stateChanged: AppState;
  readonly subscriptionEvent: SubscriptionEvent;
  readonly noticeRaised: Notice;
  /** The person chose something outside of the window (tray, notice): show this route. */
  readonly routeRequested: string;
}

export type RequestChannel = keyof RequestChannels;
export type EventChannel = keyof EventChannels;

type Promised<Method> = Method extends (...parameters: infer Parameters) => infer Result
  ? (...parameters: Parameters) => Promise<Result>
  : never;

/** What the renderer sees as `window.bridge`: named methods only. */
export type Bridge = {
  readonly [Channel in RequestChannel]: Promised<RequestChannels[Channel]>;
} & {
  readonly [Channel in EventChannel as `on${Capitalize<Channel>}`]: (
    listener: (event: EventChannels[Channel]) => void,
  ) => () => void;
};

/** Every request channel's name at run time; the type makes a missing one an error. */
export const REQUEST_CHANNELS = Object.keys({
  appInfo: true,
  appState: true,
  describeServer: true,
  signIn: true,
  reauthenticate: true,
  signOut: true,
  ensureSessionToken: true,
  execute: true,
  subscribe: true,
  unsubscribe: true,
  copySecret: true,
  copyText: true,
  openExternal: true,
  retryConnection: true,
  integrations: true,
  previewIntegration: true,
  installIntegration: true,
  removeIntegration: true,
} satisfies Record<RequestChannel, true>) as readonly RequestChannel[];

/** Every event channel's name at run time. */
export const EVENT_CHANNELS = Object.keys({
  stateChanged: true,
  subscriptionEvent: true,
  noticeRaised: true,
  routeRequested: true,
} satisfies Record<EventChannel, true>) as readonly EventChannel[];
