import type { ApolloLink } from '@apollo/client';
import type { Outcome, SignInResult } from '../../ipc/contract.js';
import type {
  Integration,
  IntegrationChange,
  IntegrationKind,
  IntegrationPreview,
  IntegrationRequest,
  Integrations,
} from '../../ipc/integrations.js';
import type {
  AppState,
  ConnectionState,
  Problem,
  RemovedAccessToken,
  SessionState,
} from '../../ipc/state.js';

export type { Problem, RemovedAccessToken };
export type SignedInSession = Extract<SessionState, { status: 'SIGNED_IN' }>;

/** Where the screens stand towards their server. Replaced whole at every change. */
export interface TransportState {
  /** `STARTING` until it is known whether somebody is signed in. */
  readonly phase: AppState['phase'];
  readonly session: SessionState;
  readonly connection: ConnectionState;
  /** Scheme, host and port, such as `https://tokens.example.com`; null where none was given yet. */
  readonly serverAddress: string | null;
  /** The sign-in is kept in memory only, since this system has no keychain. */
  readonly signInForgottenOnQuit: boolean;
  /** Sign-outs done offline which their server has not heard of yet. */
  readonly pendingSignOutCount: number;
}

export interface Credentials {
  /** Given where the transport has a `serverChoice`. */
  readonly serverAddress?: string;
  readonly username: string;
  readonly password: string;
  readonly oneTimePassword?: string;
}

interface NewAccount {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** The first account's. */
  readonly setupCode?: string;
}

/** Something worth telling at once, with the page that it leads to. */
interface TransportNotice {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly route: string | null;
  /** The system told it already, outside of the window. */
  readonly shownBySystem: boolean;
}

export type Unsubscribe = () => void;

/**
 * The one seam between the screens and what is around them. What only some surroundings can do is an optional member:
 * a screen asks for the member, never for the name of its surroundings.
 */
export interface Transport {
  /** Queries, mutations and subscriptions. */
  readonly link: ApolloLink;
  readonly getState: () => TransportState;
  readonly onStateChanged: (listener: () => void) => Unsubscribe;
  /** The connection is open, at first or again: what is shown may be older than the first event that it brings. */
  readonly onConnected: (listener: () => void) => Unsubscribe;
  readonly onNotice: (listener: (notice: TransportNotice) => void) => Unsubscribe;
  /** A page was asked for from outside of the window. */
  readonly onRouteRequested: (listener: (route: string) => void) => Unsubscribe;

  readonly signIn: (credentials: Credentials) => Promise<SignInResult>;
  /** The password again, for who is signed in, so that the session's end moves. */
  readonly reauthenticate: (
    answer: Pick<Credentials, 'password' | 'oneTimePassword'>,
  ) => Promise<SignInResult>;
  readonly signOut: () => Promise<Outcome<null>>;
  readonly retryConnection: () => void;
  /** Copies a secret; the clipboard is cleared 60 seconds later. */
  readonly copySecret: (secret: string) => Promise<void>;
  readonly copyText: (text: string) => Promise<void>;

  /** The server is chosen at sign-in. */
  readonly serverChoice?: {
    readonly describe: (
      address: string,
    ) => Promise<
      | { readonly ok: true; readonly address: string; readonly setupRequired: boolean }
      | { readonly ok: false; readonly problem: Problem }
    >;
  };
  /** Accounts can be made here: the administrator's on a new server, anybody's where sign-ups are open. */
  readonly accounts?: {
    readonly policy: () => Promise<{
      readonly setupRequired: boolean;
      readonly signUpsOpen: boolean;
    }>;
    /** What the link that the server printed brought along; empty without one. */
    readonly setupCode: string;
    readonly create: (account: NewAccount) => Promise<Outcome<null>>;
  };
  /** Signing in here makes a token that lives with the session. */
  readonly sessionToken?: { readonly ensure: () => Promise<Outcome<null>> };
  /** docker and git on this machine can ask for the session's token. */
  readonly integrations?: {
    readonly list: () => Promise<Integrations>;
    readonly preview: (request: IntegrationRequest) => Promise<Outcome<IntegrationPreview>>;
    readonly install: (change: IntegrationChange) => Promise<Outcome<Integration>>;
    readonly remove: (kind: IntegrationKind, basis: string) => Promise<Outcome<Integration>>;
  };
  /** The program around the screens, for the about box. */
  readonly program?: () => Promise<readonly { readonly name: string; readonly value: string }[]>;
}
