import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { ErrorCode } from '@latchkey/shared';
import {
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  validate,
} from 'graphql';
import { CloseCode, type Context as SocketContext } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Config } from '../config.js';
import { recordedUserAgent } from '../http/caller.js';
import { clientAddress } from '../http/client-address.js';
import { isOwnOrigin } from '../http/origin.js';
import type { Log } from '../log.js';
import type { Context } from './context.js';
import type { CredentialReader } from './credential-reader.js';
import type { Feeds } from './feeds.js';
import type { FormatError } from './format-error.js';
import { documentTooLong, OPERATION_LIMITS, operationLimits } from './limits.js';
import { FORBIDDEN_CLOSE_CODE, type LiveSocket, type LiveSockets } from './live-sockets.js';
import { offeredAuthorization } from './session-cookie.js';
import { createSubscribe } from './shared-execution.js';

const OPERATIONS_PER_SOCKET = 50;
const PAYLOAD_LIMIT_BYTES = OPERATION_LIMITS.bodyBytes;
const GOING_AWAY = 1001;

interface Parts {
  readonly schema: GraphQLSchema;
  readonly credentials: CredentialReader;
  readonly feeds: Feeds;
  readonly sockets: LiveSockets;
  readonly formatError: FormatError;
  readonly log: Log;
  readonly config: Pick<
    Config,
    'trustedProxies' | 'connectionsPerAccount' | 'origins' | 'introspection'
  >;
}

interface Payload extends Record<string, unknown> {
  readonly authorization?: unknown;
  readonly Authorization?: unknown;
}
interface SocketExtra extends Record<PropertyKey, unknown> {
  live?: LiveSocket;
}
type Connection = SocketContext<Payload, Extra & Partial<SocketExtra>>;

/**
 * GraphQL over WebSocket (`graphql-transport-ws`) beside the HTTP door, at the same path. The credential is checked when
 * the socket opens and again for each operation; a refused or ended one closes the socket with 4403.
 *
 * @returns what closes every socket.
 */
export function graphqlOverWebSocket(
  server: Server,
  path: string,
  parts: Parts,
): () => Promise<void> {
  const socketServer = new WebSocketServer({ noServer: true, maxPayload: PAYLOAD_LIMIT_BYTES });
  const rules = [
    ...specifiedRules,
    operationLimits,
    ...(parts.config.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  const adapter = useServer<Payload, SocketExtra>(
    {
      schema: parts.schema,
      subscribe: createSubscribe(),
      validate: (schema, document) => {
        const tooLong = documentTooLong(document);
        if (tooLong) return [tooLong];
        return validate(schema, document, rules);
      },
      context: (connection) => readContext(connection, parts),
      onConnect: (connection) => connect(connection, parts),
      onDisconnect: ({ extra }) => {
        if (extra.live) parts.sockets.remove(extra.live);
      },
      onSubscribe: ({ subscriptions }) =>
        Object.keys(subscriptions).length > OPERATIONS_PER_SOCKET
          ? [tooManyOperations()]
          : undefined,
      onError: (_connection, _id, _payload, errors) =>
        errors.map((error) => parts.formatError(error.toJSON(), error)),
      onNext: (_connection, _id, _payload, _args, { errors, data = null }) =>
        errors && { data, errors: errors.map((error) => parts.formatError(error.toJSON(), error)) },
    },
    socketServer,
  );
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (error) => parts.log.debug({ err: error }, 'A socket failed'));
    if (request.url?.split('?')[0] !== path) return refuseUpgrade(socket, '404 Not Found');
    if (!isOwnOrigin(request, parts.config.origins)) return refuseUpgrade(socket, '403 Forbidden');
    socketServer.handleUpgrade(request, socket, head, (client) => {
      socketServer.emit('connection', client, request);
    });
  });
  return async () => {
    for (const client of socketServer.clients) client.close(GOING_AWAY, 'The server is stopping.');
    await adapter.dispose();
  };
}

async function connect(connection: Connection, parts: Parts): Promise<boolean> {
  const { credential } = await readContext(connection, parts);
  const { socket } = connection.extra;
  if (credential.kind === 'refused' || credential.kind === 'none') {
    const reason = credential.kind === 'refused' ? credential.error.message : 'Sign in first.';
    socket.close(FORBIDDEN_CLOSE_CODE, fitCloseReason(reason));
    return false;
  }
  const live: LiveSocket = {
    credential,
    close: (code, reason) => socket.close(code, reason),
  };
  const accountId =
    credential.kind === 'session' ? credential.session.accountId : credential.holder.accountId;
  if (parts.sockets.countOf(accountId) >= parts.config.connectionsPerAccount) {
    socket.close(CloseCode.TooManyInitialisationRequests, 'This account has too many connections.');
    return false;
  }
  connection.extra.live = live;
  parts.sockets.add(live);
  return true;
}

async function readContext(
  { connectionParams, extra }: Connection,
  { credentials, feeds, config }: Parts,
): Promise<Context> {
  const authorization = connectionParams?.authorization ?? connectionParams?.Authorization;
  const caller = {
    ipAddress: clientAddress(extra.request, config.trustedProxies),
    userAgent: recordedUserAgent(extra.request),
  };
  const credential = await credentials.read(
    typeof authorization === 'string' ? authorization : offeredAuthorization(extra.request, config),
    caller,
    'subscribe',
  );
  return { ...caller, feeds, credential };
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** A close frame has room for 123 bytes (RFC 6455, section 5.5). */
function fitCloseReason(reason: string): string {
  const bytes = Buffer.from(reason);
  return bytes.length <= 123
    ? reason
    : new TextDecoder().decode(bytes.subarray(0, 120)).replace(/\ufffd+$/, '');
}

function tooManyOperations(): GraphQLError {
  return new GraphQLError(
    `A socket carries at most ${OPERATIONS_PER_SOCKET} operations at once. Complete one first.`,
    { extensions: { code: ErrorCode.LIMIT_REACHED } },
  );
}
