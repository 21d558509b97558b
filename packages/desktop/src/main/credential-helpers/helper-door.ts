import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  HELPER_DOOR_FILE,
  HELPER_LINE_MAX_BYTES,
  type HelperAnswer,
  type HelperDoorFile,
  type HelperQuestion,
} from '../../ipc/helper-contract.js';
import { writeAtomically } from '../secrets/atomic-file.js';
import { newSocketPath, prepareDoorFolder, removeSocketFolder } from './door-folder.js';
import { helperRequestSchema } from './helper-request.js';

const MOST_CONNECTIONS = 64;
/** From the connection to its end, an answer that needs the server included. */
const CONNECTION_MS = 15_000;

export type AnswerQuestion = (question: HelperQuestion) => Promise<HelperAnswer>;

/** Where credential helpers ask: a local socket of the owner alone, one question a connection, with the launch's key. */
export class HelperDoor {
  readonly #folder: string;
  readonly #answer: AnswerQuestion;
  readonly #sockets = new Set<Socket>();
  readonly #key = randomBytes(32).toString('base64url');
  #server: Server | undefined;
  #socketPath = '';

  constructor(folder: string, answer: AnswerQuestion) {
    this.#folder = folder;
    this.#answer = answer;
  }

  get isOpen(): boolean {
    return this.#server !== undefined;
  }

  /** Throws where the folder is not the user's own, or cannot be written. */
  async open(): Promise<void> {
    await prepareDoorFolder(this.#folder);
    const socketPath = await newSocketPath(this.#folder);
    const server = createServer((socket) => this.#serve(socket));
    server.maxConnections = MOST_CONNECTIONS;
    server.listen(socketPath);
    await once(server, 'listening');
    if (process.platform !== 'win32') await chmod(socketPath, 0o600);
    this.#server = server;
    this.#socketPath = socketPath;
    const file: HelperDoorFile = { socketPath, key: this.#key };
    await writeAtomically(this.#filePath, JSON.stringify(file));
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
    return join(this.#folder, HELPER_DOOR_FILE);
  }

  #serve(socket: Socket): void {
    const timer = setTimeout(() => socket.destroy(), CONNECTION_MS);
    this.#sockets.add(socket);
    socket.on('close', () => {
      clearTimeout(timer);
      this.#sockets.delete(socket);
    });
    // Whoever hangs up gets no answer; there is nothing to be told of it.
    socket.on('error', () => undefined);
    readLine(socket, (line) => void this.#answerLine(socket, line));
  }

  async #answerLine(socket: Socket, line: string): Promise<void> {
    const question = this.#parse(line);
    // Who does not know the key is told nothing.
    if (question === undefined) return void socket.destroy();
    try {
      const answer = await this.#answer(question);
      socket.end(`${JSON.stringify(answer)}\n`);
    } catch {
      socket.destroy();
    }
  }

  #parse(line: string): HelperQuestion | undefined {
    const parsed = helperRequestSchema.safeParse(parseJson(line));
    if (!parsed.success) return undefined;
    const { key, ...question } = parsed.data;
    return isSame(key, this.#key) ? question : undefined;
  }
}

/** Calls `onLine` once, with the first line; a longer one than any helper sends ends the connection. */
function readLine(socket: Socket, onLine: (line: string) => void): void {
  let received = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf('\n');
    if (end >= 0 && end <= HELPER_LINE_MAX_BYTES) {
      socket.off('data', onData);
      // What comes after the one question is let go unread.
      socket.resume();
      onLine(received.toString('utf8', 0, end));
    } else if (received.byteLength > HELPER_LINE_MAX_BYTES) socket.destroy();
  };
  socket.on('data', onData);
}

/** In constant time: the digests have one length whatever was sent. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
