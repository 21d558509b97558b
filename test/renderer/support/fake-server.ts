import { EventEmitter, on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buildSchema, execute, GraphQLError, graphql, subscribe, validate } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { serveConsole } from './console-files.js';
import {
  ago,
  DAY_MS,
  type FakeData,
  type FakeSession,
  type FakeToken,
  type FakeUse,
  useId,
} from './fake-data.js';
import { createRoot } from './fake-root.js';

const SCHEMA = buildSchema(
  readFileSync(new URL('../../../packages/shared/schema.graphql', import.meta.url), 'utf8'),
);
const SESSION_COOKIE = 'latchkey_session';

export interface FakeAccount {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly role: 'ADMINISTRATOR' | 'MEMBER';
}

/** What one request may see and do. */
export interface Caller {
  readonly session: FakeSession | undefined;
  readonly userAgent: string | null;
  readonly setSession: (session: FakeSession | undefined) => void;
}

interface Failure {
  readonly code: string;
  readonly message?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A server in memory behind the real schema and the real protocols, with the console's files at `/`. */
export class FakeServer {
  account: FakeAccount | undefined;
  oneTimePassword: string | undefined;
  signUpsOpen = false;
  /** Without, it is as for a browser that keeps none. */
  setsCookies = true;
  tokenMaxLifetimeDays: number | null = null;
  registryHost: string | null = null;
  sessionLifeMs = 30 * DAY_MS;
  /** What the next sign-in says it removed. */
  removedAtSignIn: FakeToken[] = [];
  /** By operation name, or a subscription's topic: what is answered instead, as often as it is asked. */
  readonly failures = new Map<string, Failure>();
  /** By operation name: data that no schema has seen, as a hostile server would send. */
  readonly lies = new Map<string, unknown>();
  /** Every operation's name and subscription's topic, in the order in which they came. */
  readonly operations: string[] = [];
  /** How many POSTs came without the header that closes CSRF. */
  unprotectedPosts = 0;
  answerDelayMs = 0;
  /** Closes every new socket as for a session that is over, for every account. */
  refusesSockets = false;
  readonly events = new EventEmitter().setMaxListeners(0);
  readonly #connections = new Set<Socket>();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #sessionsOfSockets = new WeakMap<WebSocket, FakeSession>();
  #server: Server | undefined;
  url = '';

  constructor(readonly data: FakeData) {}

  static async start(data: FakeData, port = 0): Promise<FakeServer> {
    const fake = new FakeServer(data);
    await fake.listen(port);
    return fake;
  }

  async listen(port: number): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    const roots = createRoot(this);
    useServer<Record<string, unknown>, { request: IncomingMessage; socket: WebSocket }>(
      {
        schema: SCHEMA,
        // A schema works only with functions of the same copy of `graphql`.
        execute,
        subscribe,
        validate,
        roots: { subscription: roots },
        context: ({ extra }) => this.#callerOf(extra.request, () => undefined),
        onConnect: ({ extra }) => {
          const { session } = this.#callerOf(extra.request, () => undefined);
          if (!session || this.refusesSockets) return false;
          this.#sessionsOfSockets.set(extra.socket, session);
          return true;
        },
      },
      this.#sockets,
    );
    server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (opened) =>
        this.#sockets.emit('connection', opened, request),
      );
    });
    server.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    for (const client of this.#sockets.clients) client.terminate();
    for (const socket of this.#connections) socket.destroy();
    server.close();
    await once(server, 'close');
  }

  /** A use that happens now, or at `atMs`. */
  use(use: Partial<FakeUse> & { accessTokenId: string }, atMs = Date.now()): FakeUse {
    const occurredAt = new Date(atMs).toISOString();
    const recorded: FakeUse = {
      id: useId(occurredAt, this.data.uses.length),
      occurredAt,
      outcome: 'ALLOWED',
      reason: null,
      endpoint: 'REGISTRY',
      action: 'pull',
      resource: 'team/live:1',
      ipAddress: '203.0.113.7',
      userAgent: 'docker/27.3.1',
      repeatCount: 0,
      repeatedUntil: null,
      ...use,
    };
    this.data.uses.unshift(recorded);
    this.events.emit('usageEventRecorded', recorded);
    return recorded;
  }

  /** Announced, then its sockets are closed, as the server does it. */
  endSession(session: FakeSession): void {
    session.endedAt = ago(0);
    session.endReason = 'SESSION_REVOKED';
    this.events.emit('sessionEnded', session);
    setImmediate(() => this.closeSockets(session));
  }

  closeSockets(session: FakeSession): void {
    for (const socket of this.#sockets.clients) {
      if (this.#sessionsOfSockets.get(socket) === session) socket.close(4403, 'Forbidden');
    }
  }

  remove(token: FakeToken, reason: string, note: string): void {
    Object.assign(token, {
      status: 'REMOVED',
      removedAt: ago(0),
      removalReason: reason,
      removalNote: note,
    });
    this.events.emit('accessTokenChanged', { kind: 'REMOVED', accessToken: token });
  }

  /** The topic's events as a subscription's source, each as the field `topic` of a root. */
  follow(topic: string, fits: (payload: never) => boolean = () => true) {
    this.operations.push(topic);
    const failure = this.failures.get(topic);
    if (failure) throw toError(failure);
    return this.#stream(topic, fits);
  }

  async *#stream(topic: string, fits: (payload: never) => boolean) {
    for await (const [payload] of on(this.events, topic)) {
      if (fits(payload as never)) yield { [topic]: payload };
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url !== '/graphql') return serveConsole(request.url ?? '/', response);
    const body = JSON.parse(await readAll(request)) as {
      query: string;
      operationName?: string;
      variables?: Record<string, unknown>;
    };
    const name = body.operationName ?? '';
    this.operations.push(name);
    if (request.headers['apollo-require-preflight'] === undefined) this.unprotectedPosts++;
    if (this.answerDelayMs > 0)
      await new Promise((resolve) => setTimeout(resolve, this.answerDelayMs));
    const caller = this.#callerOf(request, (session) => {
      if (!this.setsCookies) return;
      response.setHeader(
        'set-cookie',
        `${SESSION_COOKIE}=${session?.id ?? ''}; HttpOnly; SameSite=Strict; Path=/${session ? '' : '; Max-Age=0'}`,
      );
    });
    const result = this.#fault(name) ?? {
      ...(await graphql({
        schema: SCHEMA,
        source: body.query,
        rootValue: createRoot(this),
        contextValue: caller,
        ...(body.variables && { variableValues: body.variables }),
      })),
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(result));
  }

  #fault(name: string): object | undefined {
    if (this.lies.has(name)) return { data: this.lies.get(name) };
    const failure = this.failures.get(name);
    if (!failure) return undefined;
    return { errors: [toError(failure)], data: null };
  }

  #callerOf(
    request: IncomingMessage,
    setSession: (session: FakeSession | undefined) => void,
  ): Caller {
    const id = new RegExp(`${SESSION_COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1];
    const session = this.data.sessions.find((one) => one.id === id && one.endedAt === null);
    return { session, userAgent: request.headers['user-agent'] ?? null, setSession };
  }
}

function toError({ code, message = 'It was refused.', extensions }: Failure): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
