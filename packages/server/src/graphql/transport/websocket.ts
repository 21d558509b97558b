import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  parse,
} from 'graphql';
import {
  CloseCode,
  makeServer,
  type Context as SocketContext,
  type SubscribePayload,
} from 'graphql-ws';
import type { Config } from '../../config.js';
import type { Log } from '../../core/log.js';
import { asUnavailable } from '../../database/database-errors.js';
import { callerOf } from '../../http/caller.js';
import { TOO_MANY } from '../../http/connections.js';
import { hangUp } from '../../http/hang-up.js';
import { type HostCheck, WRONG_HOST } from '../../http/host-check.js';
import { ignoreUpgrade } from '../../http/ignore-upgrade.js';
import type { Listener } from '../../http/listener.js';
import { isOwnOrigin, type OriginSettings } from '../../http/origin.js';
import { type Context, reachOf } from '../context.js';
import type { Feeds } from '../feeds.js';
import type { FormatError } from '../format-error.js';
import type { OperationCheck } from '../limits/operation-check.js';
import { OPERATION_LIMITS, requireReadable } from '../limits/operation-limits.js';
import { inTime } from '../limits/time-limit.js';
import { offeredAuthorization } from './cookies.js';
import type { CredentialReader } from './credential-reader.js';
import {
  accountIdOf,
  FORBIDDEN_CLOSE_CODE,
  type LiveSocket,
  type LiveSockets,
} from './live-sockets.js';
import { createSubscribe } from './shared-execution.js';
import {
  carryMessages,
  closeSockets,
  createSocketServer,
  fitCloseReason,
  type SocketExtra,
} from './socket-transport.js';

const OPERATIONS_PER_SOCKET = 50;
const WRONG_ORIGIN =
  'The page is of another origin. Set LATCHKEY_PUBLIC_URL to this server’s address, or add the page’s origin to LATCHKEY_ORIGINS.';
/** The service restarts or overflows: come again (the registry of RFC 6455, section 11.7). */
const TRY_AGAIN_LATER = 1013;

interface Parts {
  readonly schema: GraphQLSchema;
  readonly check: OperationCheck;
  readonly credentials: CredentialReader;
  readonly feeds: Feeds;
  readonly sockets: LiveSockets;
  readonly formatError: FormatError;
  readonly log: Log;
  readonly config: Pick<Config, 'connectionsPerAccount'> & OriginSettings;
  readonly isOwnHost: HostCheck;
}

interface Payload extends Record<string, unknown> {
  readonly authorization?: unknown;
  readonly Authorization?: unknown;
}

type Connection = SocketContext<Payload, SocketExtra & { live?: LiveSocket }>;

/**
 * GraphQL over WebSocket (`graphql-transport-ws`) beside the HTTP endpoint, at the same path. The credential is checked when
 * the socket opens and again for each operation; a refused or ended one closes the socket with 4403.
 *
 * @returns what closes every socket.
 */
export function graphqlOverWebSocket(
  { server, connections }: Listener,
  path: string,
  parts: Parts,
): () => Promise<void> {
  const socketServer = createSocketServer();
  const { formatError } = parts;
  const protocol = makeServer<Payload, Connection['extra']>({
    execute: executeInTime,
    subscribe: createSubscribe(),
    onConnect: (connection) => connect(connection, parts),
    onClose: ({ extra }) => {
      if (extra.live) parts.sockets.remove(extra.live);
    },
    onSubscribe: (connection, _id, operation) => prepare(connection, operation, parts),
    onError: (_connection, _id, _payload, errors) =>
      errors.map((error) => formatError(error.toJSON(), error)),
    onNext: (_connection, _id, _payload, _args, { errors, data = null }) =>
      errors && { data, errors: errors.map((error) => formatError(error.toJSON(), error)) },
  });
  // Before its credential is known a socket is its own: an address may be that of many people.
  const ownerOf = ({ socket, live }: Connection['extra']) =>
    live === undefined ? socket : accountIdOf(live);
  carryMessages(socketServer, protocol, ownerOf, parts.log);
  const takeOver = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] !== path || !isWebSocket(request)) {
      return ignoreUpgrade(server, request, socket, head);
    }
    socket.on('error', (error) => parts.log.debug({ err: error }, 'A socket failed'));
    if (!parts.isOwnHost(request)) return hangUp(socket, '421 Misdirected Request', WRONG_HOST);
    if (!isOwnOrigin(request, parts.config)) return hangUp(socket, '403 Forbidden', WRONG_ORIGIN);
    if (!connections.admitUpgrade(request, socket)) {
      return hangUp(socket, '429 Too Many Requests', TOO_MANY);
    }
    return socketServer.handleUpgrade(request, socket, head, (client) => {
      socketServer.emit('connection', client, request);
    });
  };
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    connections.afterAnswers(socket, () => takeOver(request, socket, head));
  });
  return () => closeSockets(socketServer);
}

async function connect(connection: Connection, parts: Parts): Promise<boolean> {
  const { socket } = connection.extra;
  const refuse = (code: number, reason: string): false => {
    socket.close(code, fitCloseReason(reason));
    return false;
  };
  let context: Context;
  try {
    context = await readContext(connection, parts);
  } catch (error) {
    const { message } = parts.formatError({ message: '' }, error);
    return refuse(asUnavailable(error) ? TRY_AGAIN_LATER : CloseCode.InternalServerError, message);
  }
  const { credential } = context;
  if (credential.kind === 'refused') {
    return refuse(FORBIDDEN_CLOSE_CODE, credential.error.message);
  }
  if (credential.kind === 'none') return refuse(FORBIDDEN_CLOSE_CODE, 'Sign in first.');
  // One that has gone meanwhile would be counted for ever: its close has been heard of already.
  if (socket.readyState !== socket.OPEN) return false;
  const { accountId } = reachOf(context);
  if (parts.sockets.countOf(accountId) >= parts.config.connectionsPerAccount) {
    const reason = 'This account has too many connections.';
    return refuse(CloseCode.TooManyInitialisationRequests, reason);
  }
  const live: LiveSocket = { credential, close: (code, reason) => socket.close(code, reason) };
  connection.extra.live = live;
  parts.sockets.add(live);
  return true;
}

/** A query or a mutation. */
async function executeInTime(args: ExecutionArgs): Promise<ExecutionResult> {
  try {
    return await inTime(execute(args));
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return { errors: [new GraphQLError(error.message, { originalError: error })] };
  }
}

/** What an operation is executed with, or why it is not. */
async function prepare(
  connection: Connection,
  { query, operationName: givenName, variables }: SubscribePayload,
  parts: Parts,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  // Some clients send an empty name for an operation without one.
  const operationName = givenName || null;
  if (Object.keys(connection.subscriptions).length > OPERATIONS_PER_SOCKET) {
    return [tooManyOperations()];
  }
  try {
    requireReadable(query);
    const document = parse(query, { maxTokens: OPERATION_LIMITS.tokens });
    const problem = parts.check({ document, operationName, variables });
    if (problem !== undefined) return [problem];
    const contextValue = await readContext(connection, parts);
    return {
      schema: parts.schema,
      document,
      contextValue,
      operationName,
      variableValues: variables ?? null,
    };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    return [new GraphQLError('', { originalError: error as Error })];
  }
}

async function readContext(
  { connectionParams, extra }: Connection,
  { credentials, feeds, config }: Parts,
): Promise<Context> {
  const authorization = connectionParams?.authorization ?? connectionParams?.Authorization;
  const caller = callerOf(extra.request, config.trustedProxies);
  const credential = await credentials.read(
    typeof authorization === 'string' ? authorization : offeredAuthorization(extra.request, config),
    caller,
    'subscribe',
  );
  return { ...caller, feeds, credential };
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

function tooManyOperations(): GraphQLError {
  return new GraphQLError(
    `A socket carries at most ${OPERATIONS_PER_SOCKET} operations at once. Complete one first.`,
    { extensions: { code: ErrorCode.LIMIT_REACHED } },
  );
}
