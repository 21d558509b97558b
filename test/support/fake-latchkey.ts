import { EventEmitter, on, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeSecret, SECRET_PREFIX } from '@latchkey/shared';
import {
  buildSchema,
  execute,
  GraphQLError,
  type GraphQLSchema,
  graphql,
  subscribe,
  validate,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';

const SCHEMA_PATH = new URL('../../packages/shared/schema.graphql', import.meta.url);
const SESSION_LIFE_MS = 30 * 24 * 60 * 60 * 1000;

export interface FakeToken {
  readonly id: string;
  readonly secret: string;
  description: string;
  removalReason: string | null;
  removalNote: string | null;
  removedAt: string | null;
  /** Newest first. */
  uses: FakeUse[];
}

export interface FakeUse {
  readonly id: string;
  readonly occurredAt: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly outcome: 'ALLOWED' | 'REFUSED';
}

export interface FakeSession {
  readonly id: string;
  readonly secret: string;
  readonly device: Readonly<Record<string, string>>;
  expiresAt: string;
  token: FakeToken;
  isOver: boolean;
}

interface Caller {
  readonly session: FakeSession | undefined;
}

/** A server with one account (`ada`, `correct horse battery`) behind the real schema, which does as a test tells it. */
export class FakeLatchkey {
  readonly sessions: FakeSession[] = [];
  /** Every operation's name, in the order in which they came. */
  readonly operations: string[] = [];
  readonly devices: unknown[] = [];
  /** When set, answers HTTP in the place of GraphQL. */
  answerInstead: ((response: ServerResponse) => void) | undefined;
  oneTimePassword: string | undefined;
  /** What the next sign-in says that it removed. */
  removedAtSignIn: FakeToken[] = [];
  version = '0.1.0';
  readonly #schema: GraphQLSchema = buildSchema(readFileSync(SCHEMA_PATH, 'utf8'));
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #sockets = new Map<WebSocket, FakeSession | undefined>();
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
        validate,
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
      usageEventRecorded: { ...complete, accessTokenId: token.id, door: 'FORWARD_AUTH' },
    });
  }

  makeToken(description: string): FakeToken {
    return {
      id: this.#nextId('token'),
      secret: makeSecret('SESSION_TOKEN', randomBytes),
      description,
      removalReason: null,
      removalNote: null,
      removedAt: null,
      uses: [],
    };
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
    this.operations.push(/(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? '');
    const session = this.#findSession(request.headers.authorization);
    const result = await graphql({
      schema: this.#schema,
      source: query,
      variableValues: variables,
      operationName,
      rootValue: this.#root({ session }),
    });
    response.setHeader('content-type', 'application/graphql-response+json');
    response.end(JSON.stringify(result));
  }

  #root(caller: Caller) {
    const mine = (): FakeSession => {
      if (caller.session === undefined) throw refusal('UNAUTHENTICATED', 'Sign in first.');
      if (caller.session.isOver) throw refusal('SESSION_EXPIRED', 'This session was ended.');
      return caller.session;
    };
    return {
      serverInfo: () => ({
        version: this.version,
        setupRequired: false,
        signUpsOpen: false,
        sessionTokenLimit: 5,
      }),
      signIn: ({ input }: { input: SignInInput }) => this.#signIn(input),
      signOut: () => {
        mine().isOver = true;
        return true;
      },
      viewer: () => {
        const session = mine();
        return { account: ACCOUNT, session: describeSession(session), effectivePermissions: [] };
      },
      accessToken: ({ id }: { id: string }) => {
        mine();
        const token = this.sessions.find((session) => session.token.id === id)?.token;
        return token === undefined ? null : describeToken(token);
      },
      ensureSessionToken: () => {
        const session = mine();
        if (session.token.removedAt !== null) session.token = this.makeToken('Session on desktop');
        return { accessToken: describeToken(session.token), secret: session.token.secret };
      },
      createAccessToken: () => {
        mine();
        const token = { ...this.makeToken('ci'), secret: makeSecret('PERSONAL', randomBytes) };
        return { accessToken: describeToken(token), secret: token.secret };
      },
      rotateAccessToken: () => {
        const { token } = mine();
        return { accessToken: describeToken(token), secret: token.secret };
      },
    };
  }

  #signIn(input: SignInInput): unknown {
    if (input.password !== 'correct horse battery' || input.username !== 'ada') {
      throw refusal('INVALID_CREDENTIALS', 'The username or the password is wrong.');
    }
    if (this.oneTimePassword !== undefined && input.oneTimePassword !== this.oneTimePassword) {
      throw refusal('ONE_TIME_PASSWORD_REQUIRED', 'Enter the code from your authenticator app.');
    }
    const replaced = this.sessions.find(({ device, isOver }) => {
      return !isOver && device.id === input.device?.id;
    });
    const session: FakeSession = {
      id: this.#nextId('session'),
      secret: makeSecret('SESSION', randomBytes),
      device: input.device ?? {},
      expiresAt: new Date(Date.now() + SESSION_LIFE_MS).toISOString(),
      token: this.makeToken('Session on desktop'),
      isOver: false,
    };
    this.devices.push(input.device);
    this.sessions.push(session);
    if (replaced !== undefined) this.endSession(replaced, 'REPLACED');
    return {
      account: ACCOUNT,
      session: describeSession(session),
      sessionSecret: session.secret,
      accessToken: describeToken(session.token),
      accessTokenSecret: session.token.secret,
      removedAccessTokens: this.removedAtSignIn.map(describeToken),
    };
  }

  #subscriptions(): Record<string, () => AsyncIterable<unknown>> {
    const topics = ['sessionEnded', 'accessTokenChanged', 'usageEventRecorded'];
    return Object.fromEntries(topics.map((topic) => [topic, () => this.#stream(topic)]));
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

interface SignInInput {
  readonly username: string;
  readonly password: string;
  readonly oneTimePassword?: string;
  readonly device?: Readonly<Record<string, string>>;
}

const ACCOUNT = {
  id: 'account-1',
  username: 'ada',
  email: 'ada@example.com',
  role: 'MEMBER',
  permissions: ['READ', 'WRITE', 'DELETE'],
  twoFactorEnabled: false,
  createdAt: '2026-01-01T00:00:00.000Z',
};

function describeSession(session: FakeSession, endReason: string | null = null): object {
  const { token } = session;
  return {
    id: session.id,
    client: 'DESKTOP',
    device: session.device,
    current: true,
    createdAt: '2026-01-01T00:00:00.000Z',
    lastSeenAt: '2026-01-01T00:00:00.000Z',
    expiresAt: session.expiresAt,
    endReason,
    accessToken: token.removedAt === null ? describeToken(token) : null,
  };
}

function describeToken(token: FakeToken): object {
  return {
    id: token.id,
    kind: 'SESSION',
    description: token.description,
    hint: `lka_…${token.secret.slice(-4)}`,
    scopes: ['READ', 'WRITE', 'DELETE'],
    status: token.removedAt === null ? 'ACTIVE' : 'REMOVED',
    createdAt: '2026-01-01T00:00:00.000Z',
    useCount: token.uses.length,
    removalReason: token.removalReason,
    removalNote: token.removalNote,
    removedAt: token.removedAt,
    session: { device: { id: 'device-1', name: 'build-box' } },
    usageEvents: {
      edges: token.uses.map((use) => ({ cursor: use.id, node: use })),
      pageInfo: { hasNextPage: false },
    },
  };
}

function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
