/** What can go wrong between the app and a server, beside the server's own error codes. */
export const ConnectionProblem = {
  ADDRESS_INVALID: 'ADDRESS_INVALID',
  SERVER_UNREACHABLE: 'SERVER_UNREACHABLE',
  CERTIFICATE_INVALID: 'CERTIFICATE_INVALID',
  SERVER_NOT_LATCHKEY: 'SERVER_NOT_LATCHKEY',
  SERVER_TOO_OLD: 'SERVER_TOO_OLD',
  SERVER_FAILING: 'SERVER_FAILING',
  TIMED_OUT: 'TIMED_OUT',
  SIGNED_OUT: 'SIGNED_OUT',
} as const;
export type ConnectionProblem = (typeof ConnectionProblem)[keyof typeof ConnectionProblem];

/** A refusal or failure, ready to be shown: `message` is plain sentences, `code` and `detail` belong in the details. */
export interface Problem {
  /** A `ConnectionProblem`, or one of the server's error codes (`INVALID_CREDENTIALS`, `RATE_LIMITED` ...). */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
}

/** A token that is gone, as far as it can be told: every text comes from the server and is to be shown as text. */
export interface RemovedAccessToken {
  readonly id: string;
  readonly description: string;
  readonly hint: string;
  /** `PRUNED`, `REPLACED`, `DELETED` ... as in the schema's `RemovalReason`; null where the server does not say. */
  readonly removalReason: string | null;
  /** The server's sentence about it, such as by which sign-in. */
  readonly removalNote: string | null;
  /** ISO 8601, UTC. */
  readonly removedAt: string | null;
  /** The device whose session had the token; null where it is not known. */
  readonly deviceName: string | null;
}

interface SignedInAccount {
  readonly id: string;
  readonly username: string;
  readonly role: 'ADMINISTRATOR' | 'MEMBER';
}

/** Which of the three warnings is due: the session ends within 7 days, 1 day or 1 hour. */
export type SessionEndWarning = 'WEEK' | 'DAY' | 'HOUR';

/** The token that lives with the session. `REMOVED` offers `ensureSessionToken`; `UNKNOWN` is before the first answer. */
export type SessionTokenState =
  | { readonly status: 'UNKNOWN' }
  | { readonly status: 'LIVE'; readonly id: string; readonly hint: string }
  | { readonly status: 'REMOVED'; readonly token: RemovedAccessToken };

/** The connection to the server. `OFFLINE` never means signed out. */
export interface ConnectionState {
  readonly status: 'IDLE' | 'CONNECTING' | 'ONLINE' | 'OFFLINE';
  /** Why it is offline; null otherwise. */
  readonly problem: Problem | null;
  /** When the next try is due, ISO 8601; null where none is planned. */
  readonly retryAt: string | null;
}

/** Why the app is signed out where it was not the person's own doing. */
export interface SignedOutNotice {
  readonly reason: 'SESSION_ENDED' | 'SESSION_EXPIRED' | 'SESSION_UNKNOWN';
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
}

export type SessionState =
  | {
      readonly status: 'SIGNED_OUT';
      readonly notice: SignedOutNotice | null;
      /** Who was signed in last, to fill the form. */
      readonly lastUsername: string | null;
    }
  | {
      readonly status: 'SIGNED_IN';
      readonly account: SignedInAccount;
      readonly sessionId: string;
      /** When the session ends, ISO 8601. */
      readonly expiresAt: string;
      readonly warning: SessionEndWarning | null;
      readonly sessionToken: SessionTokenState;
    };

/** All that main tells about itself. Sent whole at every change; it holds no secret. */
export interface AppState {
  /** `STARTING` until what was kept has been read; show nothing but the frame. */
  readonly phase: 'STARTING' | 'READY';
  readonly session: SessionState;
  /** Such as `https://tokens.example.com`; the last one used where signed out. */
  readonly serverAddress: string | null;
  /** `MEMORY`: this system has no keychain, so the sign-in is forgotten when the app quits. Say so. */
  readonly secretStorage: 'KEYCHAIN' | 'MEMORY';
  readonly connection: ConnectionState;
  /** Sign-outs done offline which a server has not yet heard of. */
  readonly pendingSignOutCount: number;
}
