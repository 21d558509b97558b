import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import {
  HELPER_ACTION_HEADER,
  HELPER_INPUT_MAX_BYTES,
  type HelperReply,
  writeReply,
} from '../../ipc/helper-contract.js';
import { HELPER_ENDPOINT_FILE, writeEndpointFile } from '../../ipc/helper-endpoint-file.js';
import { writeAtomically } from '../secrets/atomic-file.js';
import { newSocketPath, prepareEndpointFolder, removeSocketFolder } from './endpoint-folder.js';

const MOST_CONNECTIONS = 64;
const HEADERS_MAX_BYTES = 4_096;
/** From the connection to its end, an answer that needs the server included. */
const CONNECTION_MS = 15_000;

/** Undefined where nothing is to be said. */
export type PerformAction = (action: string, input: string) => Promise<HelperReply | undefined>;

/**
 * Where credential helpers ask: HTTP on a local socket of the owner alone, one request a connection, with the launch's key.
 * Whatever is not right is told nothing: its connection ends.
 */
export class HelperEndpoint {
  readonly #folder: string;
  readonly #perform: PerformAction;
  readonly #sockets = new Set<Socket>();
  readonly #key = randomBytes(32).toString('base64url');
  #server: Server | undefined;
  #socketPath = '';

  constructor(folder: string, perform: PerformAction) {
    this.#folder = folder;
    this.#perform = perform;
  }

  get isOpen(): boolean {
    return this.#server !== undefined;
  }

  /** Throws where the folder is not the user's own, or cannot be written. */
  async open(): Promise<void> {
    await prepareEndpointFolder(this.#folder);
    const socketPath = await newSocketPath(this.#folder);
    const server = this.#createServer();
    server.listen(socketPath);
    await once(server, 'listening');
    if (process.platform !== 'win32') await chmod(socketPath, 0o600);
    this.#server = server;
    this.#socketPath = socketPath;
    await writeAtomically(this.#filePath, writeEndpointFile({ socketPath, key: this.#key }));
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await rm(this.#filePath, { force: true });
    await removeSocketFolder(this.#folder, this.#socketPath);
  }

  get #filePath(): string {
    return join(this.#folder, HELPER_ENDPOINT_FILE);
  }

  #createServer(): Server {
    const server = createServer({ maxHeaderSize: HEADERS_MAX_BYTES });
    server.maxConnections = MOST_CONNECTIONS;
    server.on('connection', (socket) => this.#watch(socket));
    server.on('request', (request, response) => void this.#serve(request, response));
    // Without these, Node would answer a caller without the key.
    server.on('checkContinue', (request, response) => void this.#serve(request, response));
    server.on('checkExpectation', ({ socket }) => socket.destroy());
    server.on('clientError', (_error, socket) => socket.destroy());
    return server;
  }

  #watch(socket: Socket): void {
    const timer = setTimeout(() => socket.destroy(), CONNECTION_MS);
    this.#sockets.add(socket);
    socket.on('close', () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    try {
      const reply = await this.#answer(request, response);
      if (reply === undefined) return void socket.destroy();
      const body = Buffer.from(writeReply(reply));
      response.sendDate = false;
      response.writeHead(200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Length': body.byteLength,
        Connection: 'close',
      });
      response.end(body);
    } catch {
      socket.destroy();
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<HelperReply | undefined> {
    const { method, headers } = request;
    const action = headers[HELPER_ACTION_HEADER.toLowerCase()];
    const isAllowed = isSame(headers.authorization ?? '', `Bearer ${this.#key}`);
    if (!isAllowed || method !== 'POST' || typeof action !== 'string') return undefined;
    if (headers.expect !== undefined) response.writeContinue();
    const input = await readBody(request);
    return input === undefined ? undefined : this.#perform(action, input);
  }
}

/** Undefined where it is longer than what any client writes. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.byteLength;
    if (size > HELPER_INPUT_MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** In constant time: the digests have one length whatever was sent. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
