import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { BlockList, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { networkOf, parseIp } from '../core/network.js';
import { BodyBudget, countBody } from './body-budget.js';
import { clientAddress, isTrusted } from './client-address.js';
import { hangUp } from './hang-up.js';

export interface ConnectionSettings {
  /** Open at once, in all. */
  readonly connections: number;
  /** Of those, from one address or one IPv6 /64. */
  readonly connectionsPerAddress: number;
  readonly trustedProxies: BlockList;
}

/** How much all connections together may hold: heads that are not whole, and answers that are not read. */
const HELD_MAX_BYTES = 64 * 1024 * 1024;

/** One connection, and what is under way on it. */
interface Connection {
  /** Whom it is counted for; undefined for a trusted proxy, whose requests are counted for its clients. */
  readonly owner: string | undefined;
  /** The answers that are not sent yet. */
  readonly answers: Set<ServerResponse>;
  /** What had been read of it when its last request was whole. */
  bytesRead: number;
  upgraded: boolean;
  /** Called once no answer is under way. */
  whenAnswered?: () => void;
}

/**
 * Bounds what connections take up: their number in all and from one address, the requests of one client of a trusted proxy,
 * the bodies that are read at once, and what lies unread or unfinished on them.
 */
export class Connections {
  readonly #open = new Map<Duplex, Connection>();
  readonly #counts = new Map<string, number>();
  readonly #bodies = new BodyBudget();

  constructor(
    server: Server,
    private readonly settings: ConnectionSettings,
  ) {
    server.on('connection', (socket: Socket) => this.#opened(socket));
    // Nothing has moved for a while: an answer that is not read, or a connection that nobody uses. What the server itself
    // takes its time for goes on.
    server.on('timeout', (socket: Socket) => {
      const isWorking = (this.#open.get(socket)?.answers.size ?? 0) > 0;
      if (socket.writableLength > 0 || !isWorking) socket.destroy();
    });
  }

  /** Counts a request until it is answered. @returns false where its client has too many; it is to be refused then */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    const { socket, headers } = request;
    const connection = this.#open.get(socket);
    if (connection === undefined) return true;
    connection.bytesRead = socket.bytesRead;
    connection.answers.add(response);
    const client = connection.owner ?? this.#clientOf(request);
    const counted = connection.owner === undefined;
    const admitted = !counted || this.#take(client);
    response.once('close', () => {
      if (counted && admitted) this.#give(client);
      connection.answers.delete(response);
      // Its body came after its head, and is no part of the next one.
      connection.bytesRead = socket.bytesRead;
      if (connection.answers.size === 0) connection.whenAnswered?.();
    });
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
      countBody(request, this.#bodies, client);
    }
    return admitted;
  }

  /** The same for a connection that changes its protocol: it is counted until it closes. */
  admitUpgrade(request: IncomingMessage, socket: Duplex): boolean {
    const connection = this.#open.get(socket);
    if (connection === undefined) return true;
    connection.upgraded = true;
    if (connection.owner !== undefined) return true;
    const client = this.#clientOf(request);
    if (!this.#take(client)) return false;
    socket.once('close', () => this.#give(client));
    return true;
  }

  /**
   * Calls `next` once every earlier request on the connection is answered (RFC 9112, section 9.3.2). Node hands a connection
   * over as soon as it has read an upgrade, and takes its own listeners away.
   */
  afterAnswers(socket: Duplex, next: () => void): void {
    const connection = this.#open.get(socket);
    if (connection === undefined || connection.answers.size === 0) {
      next();
      return;
    }
    const ignore = () => undefined;
    const drain = () => {
      for (const response of connection.answers)
        if (response.writableNeedDrain) response.emit('drain');
    };
    socket.on('error', ignore).on('drain', drain);
    connection.whenAnswered = () => {
      delete connection.whenAnswered;
      // Node first has to let go of the answer that ends here.
      setImmediate(() => {
        socket.off('drain', drain);
        if (!socket.destroyed && socket.writable) next();
        socket.off('error', ignore);
      });
    };
  }

  /** Closes the connections that hold most, where all together hold too much. */
  sweep(): void {
    let held = 0;
    const holders: { readonly socket: Duplex; readonly bytes: number }[] = [];
    for (const [socket, connection] of this.#open) {
      const bytes = heldBytes(socket as Socket, connection);
      held += bytes;
      if (bytes > 0) holders.push({ socket, bytes });
    }
    if (held <= HELD_MAX_BYTES) return;
    for (const { socket, bytes } of holders.sort((one, other) => other.bytes - one.bytes)) {
      socket.destroy();
      held -= bytes;
      if (held <= HELD_MAX_BYTES / 2) return;
    }
  }

  #opened(socket: Socket): void {
    // One whose upgrade was ignored comes again.
    if (this.#open.has(socket)) return;
    const { connections, trustedProxies } = this.settings;
    const address = parseIp(socket.remoteAddress ?? '') ?? '';
    const owner = isTrusted(trustedProxies, address) ? undefined : networkOf(address);
    if (this.#open.size >= connections) {
      hangUp(socket, '503 Service Unavailable', FULL);
      return;
    }
    if (owner !== undefined && !this.#take(owner)) {
      hangUp(socket, '429 Too Many Requests', TOO_MANY);
      return;
    }
    this.#open.set(socket, { owner, answers: new Set(), bytesRead: 0, upgraded: false });
    socket.once('close', () => {
      this.#open.delete(socket);
      if (owner !== undefined) this.#give(owner);
    });
  }

  #clientOf(request: IncomingMessage): string {
    return networkOf(clientAddress(request, this.settings.trustedProxies));
  }

  #take(key: string): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.settings.connectionsPerAddress) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  #give(key: string): void {
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}

const FULL = 'The server has as many connections as it takes. Try again in a moment.';
export const TOO_MANY = 'Your network has too many connections to this server. Close some first.';

function heldBytes(socket: Socket, { answers, upgraded, bytesRead }: Connection): number {
  const head = upgraded || answers.size > 0 ? 0 : socket.bytesRead - bytesRead;
  return socket.writableLength + head;
}
