import { backoffMs } from '@latchkey/shared';
import { type Client, createClient } from 'graphql-ws';
import { z } from 'zod';
import type { GraphqlError, GraphqlRequest, GraphqlResult } from '../../ipc/contract.js';
import type { Problem } from '../../ipc/state.js';
import type { Clock } from '../clock.js';
import { serverFailing, toConnectionProblem } from './connection-problem.js';
import { parseAnswer } from './graphql-answer.js';

const PING_EVERY_MS = 15_000;
const PONG_WITHIN_MS = 5_000;
/** The server's word on the credential: 4401 not given in time, 4403 refused or ended. */
const REFUSED_CODES = new Set([4401, 4403]);
/** How a socket closes where its program stopped or the network went; anything else is the server's complaint. */
const PLAIN_CLOSE_CODES = new Set([1000, 1001, 1005, 1006, 1012, 1013, 1014, 4499]);

const closeEventSchema = z.object({ code: z.number(), reason: z.string().catch('') });

export interface SubscriptionSink {
  next(answer: GraphqlResult & { ok: true }): void;
  /** The connection is open, at first or again. Events before may have been missed. */
  connected(): void;
  /** The server refuses this subscription; it is over. */
  failed(errors: readonly GraphqlError[]): void;
  completed(): void;
}

export interface ConnectionEvents {
  connecting(): void;
  online(): void;
  /** `retryAt` in milliseconds since 1970. */
  offline(problem: Problem, retryAt: number): void;
  /** The server closed the socket because of the credential; the connection rests until `continueWith` or `restart`. */
  refused(): void;
}

interface ConnectionOptions {
  readonly address: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly webSocket: unknown;
  readonly events: ConnectionEvents;
}

interface Entry {
  readonly request: GraphqlRequest;
  readonly sink: SubscriptionSink;
  stop: () => void;
}

/**
 * One socket to one server, with every subscription on it. It never gives up on its own: whatever happens to the
 * network or the server, it comes back, tells each subscription that it did, and signs nobody out.
 */
export class SubscriptionConnection {
  readonly #options: ConnectionOptions;
  readonly #entries = new Set<Entry>();
  readonly #client: Client;
  #secret: string;
  #attempt = 0;
  #disposed = false;
  #resting = false;
  #problem: Problem | undefined;
  #retryNow: () => void = () => undefined;
  #cancelPong: () => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#secret = options.secret;
    this.#client = this.#createClient();
  }

  /** The server refused the credential, and nothing is tried before `continueWith` or `restart`. */
  get isResting(): boolean {
    return this.#resting;
  }

  /** Starts a subscription; the returned function ends it. */
  subscribe(request: GraphqlRequest, sink: SubscriptionSink): () => void {
    if (this.#disposed) return () => undefined;
    const entry: Entry = { request, sink, stop: () => undefined };
    this.#entries.add(entry);
    if (!this.#resting) this.#run(entry);
    return () => {
      this.#entries.delete(entry);
      entry.stop();
    };
  }

  /** Tries at once if the connection waits for its next try. */
  retryNow(): void {
    this.#attempt = 0;
    this.#retryNow();
  }

  /** Goes on with another credential; the subscriptions move over. */
  continueWith(secret: string): void {
    this.#secret = secret;
    this.restart();
  }

  /** Opens the socket anew with every subscription. */
  restart(): void {
    if (this.#disposed) return;
    this.#resting = false;
    for (const entry of this.#entries) entry.stop();
    this.#client.terminate();
    for (const entry of this.#entries) this.#run(entry);
  }

  /** Closes the socket for good; no sink hears anything any more. */
  dispose(): void {
    this.#disposed = true;
    this.#cancelPong();
    for (const entry of this.#entries) entry.stop();
    this.#entries.clear();
    this.#retryNow();
    // It waits for a connection that is being made, and that may fail.
    void Promise.resolve(this.#client.dispose()).catch(() => undefined);
    this.#client.terminate();
  }

  #createClient(): Client {
    const { address, clock, webSocket, events } = this.#options;
    return createClient({
      url: `${address.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: webSocket,
      connectionParams: () => ({ authorization: `Bearer ${this.#secret}` }),
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: (error) => !this.#disposed && !isRefusal(error),
      retryWait: () => this.#waitForRetry(),
      keepAlive: PING_EVERY_MS,
      on: {
        connecting: () => events.connecting(),
        connected: () => this.#onConnected(),
        ping: (received) => {
          if (received) return;
          // A socket over a sleeping laptop's network stays "open" for minutes; silence is what tells.
          this.#cancelPong = clock.after(PONG_WITHIN_MS, () => this.#client.terminate());
        },
        pong: (received) => {
          if (received) this.#cancelPong();
        },
        closed: (event) => this.#onClosed(event),
        error: (error) => {
          this.#problem = toConnectionProblem(unwrap(error), address);
        },
      },
    });
  }

  #onConnected(): void {
    this.#attempt = 0;
    this.#problem = undefined;
    this.#options.events.online();
    for (const entry of this.#entries) entry.sink.connected();
  }

  #onClosed(event: unknown): void {
    this.#cancelPong();
    if (this.#disposed || this.#resting || !isRefusal(event)) return;
    this.#resting = true;
    this.#options.events.refused();
  }

  /** Resolves when the next try is due: after the backoff, or when somebody asks for it. */
  #waitForRetry(): Promise<void> {
    const { clock, events, address } = this.#options;
    const delayMs = backoffMs(this.#attempt++);
    const problem =
      this.#problem ?? toConnectionProblem(new Error('The connection was closed.'), address);
    if (!this.#disposed) events.offline(problem, clock.now() + delayMs);
    return new Promise((resolve) => {
      const cancel = clock.after(delayMs, resolve);
      this.#retryNow = () => {
        cancel();
        resolve();
      };
    });
  }

  #run(entry: Entry): void {
    let over = false;
    const stop = this.#client.subscribe(
      { ...entry.request, variables: { ...entry.request.variables } },
      {
        next: (message) => {
          const answer = parseAnswer(message);
          if (!over && answer !== undefined) entry.sink.next(answer);
        },
        error: (error) => {
          if (!over) this.#onEntryError(entry, error);
        },
        complete: () => {
          if (over || this.#disposed || this.#resting) return;
          this.#entries.delete(entry);
          entry.sink.completed();
        },
      },
    );
    entry.stop = () => {
      over = true;
      stop();
    };
  }

  /** A list of GraphQL errors is the server's refusal of this subscription; all else concerns the socket. */
  #onEntryError(entry: Entry, error: unknown): void {
    if (this.#disposed) return;
    if (Array.isArray(error)) {
      this.#entries.delete(entry);
      entry.sink.failed(parseAnswer({ errors: error })?.errors ?? []);
      return;
    }
    if (this.#resting || isRefusal(error)) return;
    this.#problem = complaintOf(error, this.#options.address);
    void this.#waitForRetry().then(() => {
      if (!this.#disposed && !this.#resting && this.#entries.has(entry)) this.#run(entry);
    });
  }
}

function isRefusal(event: unknown): boolean {
  const parsed = closeEventSchema.safeParse(event);
  return parsed.success && REFUSED_CODES.has(parsed.data.code);
}

/** A close code that graphql-ws takes for final, such as 4500, as a problem to show; the connection is tried again all the same. */
function complaintOf(error: unknown, address: string): Problem {
  const parsed = closeEventSchema.safeParse(error);
  if (parsed.success && !PLAIN_CLOSE_CODES.has(parsed.data.code)) {
    return serverFailing(address, `close code ${parsed.data.code}`);
  }
  return toConnectionProblem(unwrap(error), address);
}

/** `ws` reports an error as an event around it. */
function unwrap(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'error' in error ? error.error : error;
}
