import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { CloseCode, handleProtocols, type Server as ProtocolServer } from 'graphql-ws';
import { type RawData, type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../../core/log.js';
import { JsonTooLarge, requireJsonWithin } from '../../http/bounded-json.js';
import { OPERATION_LIMITS, REQUEST_JSON, TOO_MANY_VALUES } from '../limits/operation-limits.js';
import { FairQueue } from './fair-queue.js';

/** An end that has not answered one ping by the time of the next is gone. */
const PING_PAUSE_MS = 12_000;
/** What one socket may have been sent without reading it; subscriptions wait long before that. */
const UNREAD_LIMIT_BYTES = 8 * 1024 * 1024;
/** What one socket may have sent that is not handled yet; then it is not read for a while. */
const WAITING_LIMIT = 64;
/** How long the other end may take to answer a close (RFC 6455, section 7.1.1), in milliseconds. */
const CLOSE_LIMIT_MS = 2000;
const GOING_AWAY = 1001;

/** A connection as the protocol sees it: its socket, and the request that opened it. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** A server of sockets that takes them over from HTTP one by one. */
export function createSocketServer(): WebSocketServer {
  // The types do not know `closeTimeout` yet.
  const options: ServerOptions & { readonly closeTimeout: number } = {
    noServer: true,
    maxPayload: OPERATION_LIMITS.bodyBytes,
    closeTimeout: CLOSE_LIMIT_MS,
    // One message or ping of a socket a turn of the event loop, however many came in one piece.
    allowSynchronousEvents: false,
    handleProtocols,
  };
  return new WebSocketServer(options);
}

/**
 * Speaks `protocol` with every socket of `socketServer`. graphql-ws has an adapter of its own, which writes a stack to
 * standard error for whatever a client does wrong.
 * @param ownerOf whose socket it is: messages are handled in turn among those.
 */
export function carryMessages<Extra extends SocketExtra>(
  socketServer: WebSocketServer,
  protocol: ProtocolServer<Extra>,
  ownerOf: (extra: Extra) => unknown,
  log: Log,
): void {
  const queue = new FairQueue();
  socketServer.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const extra = { socket, request } as Extra;
    let waiting = 0;
    // A frame that breaks the rules, or a connection that broke: `ws` closes the socket by itself, with the code that fits.
    socket.on('error', (error) => log.debug({ err: error }, 'A socket failed'));
    const stopPinging = pingRegularly(socket);
    const close = (code?: number, reason = '') => socket.close(code, fitCloseReason(reason));
    const fail = (error: unknown) => {
      if (error instanceof JsonTooLarge) return close(CloseCode.BadRequest, TOO_MANY_VALUES);
      if (isClientsFault(error)) return close(CloseCode.BadRequest, error.message);
      log.error({ err: error }, 'A message on a socket could not be handled');
      return close(CloseCode.InternalServerError, 'Internal server error');
    };
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        close,
        send: (text) => send(socket, text),
        onMessage: (handle) => {
          const take = async (text: string) => {
            waiting--;
            if (socket.isPaused && waiting < WAITING_LIMIT / 2) socket.resume();
            // A socket that is being closed gets no more answers.
            if (socket.readyState !== socket.OPEN) return;
            requireJsonWithin(text, REQUEST_JSON);
            await handle(text);
          };
          socket.on('message', (data: RawData) => {
            // Who asks on and reads nothing would have the answers pile up in memory.
            if (socket.bufferedAmount > UNREAD_LIMIT_BYTES) return socket.terminate();
            if (++waiting >= WAITING_LIMIT) socket.pause();
            return queue.add(ownerOf(extra), () => void take(String(data)).catch(fail));
          });
        },
      },
      extra,
    );
    socket.once('close', (code: number, reason: Buffer) => {
      stopPinging();
      closed(code, String(reason)).catch((error: unknown) => {
        log.error({ err: error }, 'A subscription could not be ended');
      });
    });
  });
}

/** Closes every socket; resolves once all are gone. */
export async function closeSockets(socketServer: WebSocketServer): Promise<void> {
  const gone = once(socketServer, 'close');
  socketServer.close();
  for (const socket of socketServer.clients) socket.close(GOING_AWAY, 'The server is stopping.');
  await gone;
}

/** Resolves once the text is on its way, so that a stream goes no faster than its reader; a socket that is gone takes all. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  });
}

function pingRegularly(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    // The answer may be among what is not read yet.
    if (socket.isPaused) return undefined;
    if (!answered) return socket.terminate();
    answered = false;
    return socket.ping();
  }, PING_PAUSE_MS);
  return () => clearInterval(timer);
}

/** graphql-ws throws this, and says it by its text alone, where a client sends what only a server may. */
function isClientsFault(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('Unexpected message of type');
}

/** A close frame has room for 123 bytes (RFC 6455, section 5.5). */
export function fitCloseReason(reason: string): string {
  const bytes = Buffer.from(reason);
  return bytes.length <= 123
    ? reason
    : new TextDecoder().decode(bytes.subarray(0, 120)).replace(/\ufffd+$/, '');
}
