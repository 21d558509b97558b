import type { Clock } from '../clock.js';
import type { LineEvents, SubscriptionConnection } from '../graphql/subscription-connection.js';
import type { StateHolder } from '../state-holder.js';
import { type SessionEventSink, watchSession } from './session-events.js';
import type { StoredSession } from './stored-session.js';

const RESTART_AFTER_REFUSAL_MS = 5_000;

export interface SessionConnectionOptions {
  readonly clock: Clock;
  readonly createLine: (
    address: string,
    secret: string,
    events: LineEvents,
  ) => SubscriptionConnection;
  readonly state: StateHolder;
}

interface SessionLineEvents extends SessionEventSink {
  opened(line: SubscriptionConnection): void;
  online(): void;
  /** The server closed the socket because of the credential; the line rests. */
  refused(): void;
}

/** The session's line to its server, and the connection's state as the windows are told it. */
export class SessionConnection {
  readonly #options: SessionConnectionOptions;
  readonly #events: SessionLineEvents;
  #line: SubscriptionConnection | undefined;

  constructor(options: SessionConnectionOptions, events: SessionLineEvents) {
    this.#options = options;
    this.#events = events;
  }

  get current(): SubscriptionConnection | undefined {
    return this.#line;
  }

  /** A session that is renewed in place keeps its line. */
  openFor(session: StoredSession): void {
    if (this.#line === undefined) this.#open(session);
    else this.#line.continueWith(session.sessionSecret);
  }

  close(): void {
    this.dispose();
    this.#line = undefined;
    this.#options.state.change({ connection: { status: 'IDLE', problem: null, retryAt: null } });
  }

  /** Lets go of the network, and tells nobody. */
  dispose(): void {
    this.#line?.dispose();
  }

  /** Says that a line which rests is being looked after; @returns what starts it again soon, where it is still the one. */
  wake(): () => void {
    const line = this.#line;
    if (line?.isResting) this.#showConnecting();
    const isWanted = () => line !== undefined && line === this.#line && line.isResting;
    return () => {
      if (!isWanted()) return;
      this.#options.clock.after(RESTART_AFTER_REFUSAL_MS, () => {
        if (isWanted()) line?.restart();
      });
    };
  }

  #open(session: StoredSession): void {
    const { clock, createLine, state } = this.#options;
    const line = createLine(session.serverAddress, session.sessionSecret, {
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
    this.#line = line;
    watchSession(line, clock, this.#events);
    this.#events.opened(line);
  }

  #showConnecting(): void {
    const connection = { status: 'CONNECTING', problem: null, retryAt: null } as const;
    this.#options.state.change({ connection });
  }
}
