import type { Clock } from '../clock.js';
import type {
  ConnectionEvents,
  SubscriptionConnection,
} from '../graphql/subscription-connection.js';
import type { StateHolder } from '../state-holder.js';
import { type SessionEventSink, watchSession } from './session-events.js';
import type { StoredSession } from './stored-session.js';

const RESTART_AFTER_REFUSAL_MS = 5_000;

export interface SessionConnectionOptions {
  readonly clock: Clock;
  readonly createConnection: (
    address: string,
    secret: string,
    events: ConnectionEvents,
  ) => SubscriptionConnection;
  readonly state: StateHolder;
}

interface SessionConnectionEvents extends SessionEventSink {
  opened(connection: SubscriptionConnection): void;
  online(): void;
  /** The server closed the socket because of the credential; the connection rests. */
  refused(): void;
}

/** The session's connection to its server, and the connection's state as the windows are told it. */
export class SessionConnection {
  readonly #options: SessionConnectionOptions;
  readonly #events: SessionConnectionEvents;
  #connection: SubscriptionConnection | undefined;

  constructor(options: SessionConnectionOptions, events: SessionConnectionEvents) {
    this.#options = options;
    this.#events = events;
  }

  get current(): SubscriptionConnection | undefined {
    return this.#connection;
  }

  /** A session that is renewed in place keeps its connection. */
  openFor(session: StoredSession): void {
    if (this.#connection === undefined) this.#open(session);
    else this.#connection.continueWith(session.sessionSecret);
  }

  close(): void {
    this.dispose();
    this.#connection = undefined;
    this.#options.state.change({ connection: { status: 'IDLE', problem: null, retryAt: null } });
  }

  /** Lets go of the network, and tells nobody. */
  dispose(): void {
    this.#connection?.dispose();
  }

  /**
   * Shows a resting connection as connecting.
   * @returns a function that restarts it a little later, if it still rests and is still the session's
   */
  wake(): () => void {
    const connection = this.#connection;
    if (connection?.isResting) this.#showConnecting();
    const isWanted = () =>
      connection !== undefined && connection === this.#connection && connection.isResting;
    return () => {
      if (!isWanted()) return;
      this.#options.clock.after(RESTART_AFTER_REFUSAL_MS, () => {
        if (isWanted()) connection?.restart();
      });
    };
  }

  #open(session: StoredSession): void {
    const { clock, createConnection, state } = this.#options;
    const connection = createConnection(session.serverAddress, session.sessionSecret, {
      connecting: () => this.#showConnecting(),
      online: () => {
        state.change({ connection: { status: 'ONLINE', problem: null, retryAt: null } });
        this.#events.online();
      },
      offline: (problem, retryAt) =>
        state.change({
          connection: { status: 'OFFLINE', problem, retryAt: new Date(retryAt).toISOString() },
        }),
      refused: () => this.#events.refused(),
    });
    this.#connection = connection;
    watchSession(connection, clock, this.#events);
    this.#events.opened(connection);
  }

  #showConnecting(): void {
    const connection = { status: 'CONNECTING', problem: null, retryAt: null } as const;
    this.#options.state.change({ connection });
  }
}
