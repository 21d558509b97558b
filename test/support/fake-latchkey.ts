import { EventEmitter, on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeSecret, SECRET_PREFIX } from '@latchkey/shared';
import {
  buildSchema,
  type DocumentNode,
  execute,
  type GraphQLSchema,
  graphql,
  print,
  subscribe,
  validate,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  describeSession,
  describeToken,
  type FakeSession,
  type FakeToken,
  type FakeUse,
  randomBytes,
} from './fake-latchkey-data.js';
import { createRoot, refusal } from './fake-latchkey-root.js';

const SCHEMA_PATH = new URL('../../packages/shared/schema.graphql', import.meta.url);

const UNAVAILABLE = refusal('UNAVAILABLE', 'The database does not answer.');

interface Signal {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** A server with one account (`ada`, `correct horse battery`) behind the real schema, which does as a test tells it. */
export class FakeLatchkey {
  readonly sessions: FakeSession[] = [];
  /** Every operation's name and subscription's topic, in the order in which they came. */
  readonly operations: string[] = [];
  readonly devices: unknown[] = [];
  /** When set, answers HTTP in the place of GraphQL. */
  answerInstead: ((response: ServerResponse) => void) | undefined;
  /** Operations and topics that the server cannot answer at the moment. */
  readonly failing = new Set<string>();
  /** Topics whose subscriptions the server ends as soon as they begin. */
  readonly completing = new Set<string>();
  oneTimePassword: string | undefined;
  /** What the next sign-in says that it removed. */
  removedAtSignIn: FakeToken[] = [];
  version = '0.1.0';
  readonly #schema: GraphQLSchema = buildSchema(readFileSync(SCHEMA_PATH, 'utf8'));
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #sockets = new Map<WebSocket, FakeSession | undefined>();
  readonly #held = new Map<string, { readonly made: Signal; readonly released: Signal }>();
  #server: Server | undefined;
  #port = 0;
  #lastId = 0;

  static async start(): Promise<FakeLatchkey> {
    const fake = new FakeLatchkey();
    await fake.listen();
    return fake;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, again on the same port after `stop`. */
  async listen(): Promise<void> {
    this.#server = createServer((request, response) => void this.#onRequest(request, response));
    const webSockets = new WebSocketServer({ server: this.#server, path: '/graphql' });
    useServer(
      {
        schema: this.#schema,
        // A schema works only with functions of the same copy of `graphql`.
        execute,
        subscribe,
        validate: (schema, document) =>
          this.#refuse(document) ? [UNAVAILABLE] : validate(schema, document),
        roots: { subscription: this.#subscriptions() },
        onConnect: ({ connectionParams, extra }) => {
          const session = this.#findSession(connectionParams?.authorization);
          this.#sockets.set((extra as { socket: WebSocket }).socket, session);
          return session !== undefined;
        },
      },
      webSockets,
    );
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** As when the process is gone: the port refuses, every socket is cut. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    for (const socket of this.#sockets.keys()) socket.terminate();
    this.#sockets.clear();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Ends a session as if elsewhere: announced, then its sockets are closed. */
  endSession(session: FakeSession, endReason = 'SESSION_REVOKED'): void {
    session.isOver = true;
    this.#events.emit('sessionEnded', { sessionEnded: describeSession(session, endReason) });
    setImmediate(() => this.closeSockets(session));
  }

  closeSockets(session: FakeSession): void {
    for (const [socket, owner] of this.#sockets) {
      if (owner === session) socket.close(4403, 'Forbidden');
    }
  }

  /** Removes a token and tells of it. */
  removeToken(token: FakeToken, reason: string, note: string | null): void {
    token.removalReason = reason;
    token.removalNote = note;
    token.removedAt = new Date().toISOString();
    this.#events.emit('accessTokenChanged', {
      accessTokenChanged: { kind: 'REMOVED', accessToken: describeToken(token) },
    });
  }

  recordUse(token: FakeToken, use: Partial<FakeUse> = {}): void {
    const complete: FakeUse = {
      id: this.#nextId('use'),
      occurredAt: new Date().toISOString(),
      ipAddress: '203.0.113.7',
      userAgent: 'curl/8.5.0',
      outcome: 'ALLOWED',
      ...use,
    };
    token.uses = [complete, ...token.uses];
    this.#events.emit('usageEventRecorded', {
      usageEventRecorded: { ...complete, accessTokenId: token.id, endpoint: 'FORWARD_AUTH' },
    });
  }

  makeToken(description: string): FakeToken {
    return {
      id: this.#nextId('token'),
      secret: makeSecret('SESSION_TOKEN', randomBytes),
      description,
      createdAt: new Date().toISOString(),
      removalReason: null,
      removalNote: null,
      removedAt: null,
      uses: [],
    };
  }

  /** Keeps the next answer to `operation` back: it is of the moment when it was asked for, and sent when it is released. */
  hold(operation: string): { readonly made: Promise<void>; readonly release: () => void } {
    const [made, released] = [signal(), signal()];
    this.#held.set(operation, { made, released });
    return { made: made.promise, release: released.resolve };
  }

  /** How many sockets with a live subscription stand. */
  get socketCount(): number {
    return this.#sockets.size;
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.answerInstead !== undefined) return this.answerInstead(response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { query, variables, operationName } = JSON.parse(Buffer.concat(chunks).toString());
    const name = /(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? '';
    this.operations.push(name);
    const session = this.#findSession(request.headers.authorization);
    const result = this.failing.has(name)
      ? { errors: [UNAVAILABLE] }
      : await graphql({
          schema: this.#schema,
          source: query,
          variableValues: variables,
          operationName,
          rootValue: createRoot(this, session),
        });
    const held = this.#held.get(name);
    this.#held.delete(name);
    held?.made.resolve();
    await held?.released.promise;
    response.setHeader('content-type', 'application/graphql-response+json');
    response.end(JSON.stringify(result));
  }

  #subscriptions(): Record<string, () => AsyncIterable<unknown>> {
    const topics = ['sessionEnded', 'accessTokenChanged', 'usageEventRecorded'];
    return Object.fromEntries(topics.map((topic) => [topic, () => this.#follow(topic)]));
  }

  /** Notes a subscription's topic; @returns whether it is refused. */
  #refuse(document: DocumentNode): boolean {
    const topic = /{\s*(\w+)/.exec(print(document))?.[1] ?? '';
    this.operations.push(topic);
    return this.failing.has(topic);
  }

  #follow(topic: string): AsyncIterable<unknown> {
    return this.completing.has(topic) ? nothing() : this.#stream(topic);
  }

  async *#stream(topic: string): AsyncGenerator<unknown> {
    for await (const [event] of on(this.#events, topic)) yield event;
  }

  #findSession(authorization: unknown): FakeSession | undefined {
    const secret = typeof authorization === 'string' ? authorization.slice('Bearer '.length) : '';
    if (!secret.startsWith(SECRET_PREFIX.SESSION)) return undefined;
    return this.sessions.find((session) => session.secret === secret);
  }

  #nextId(kind: string): string {
    return `${kind}-${++this.#lastId}`;
  }
}

async function* nothing(): AsyncGenerator<unknown> {}

function signal(): Signal {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
