import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  HELPER_DOOR_FILE,
  HELPER_LINE_MAX_BYTES,
  type HelperAnswer,
  type HelperDoorFile,
  type HelperQuestion,
} from '../ipc/helper-contract.js';

/** A local socket connects at once or not at all. */
const CONNECT_MS = 1_000;
/** Longer than the app takes where it has to ask its server for a new token. */
const ANSWER_MS = 10_000;
const OTHERS = 0o077;

/** The app said nothing; `reason` is a sentence for the person. */
interface Silence {
  readonly answer: 'SILENCE';
  readonly reason: string;
}

const NOT_RUNNING: Silence = { answer: 'SILENCE', reason: 'The Latchkey app is not running.' };
const UNANSWERED: Silence = { answer: 'SILENCE', reason: 'The Latchkey app does not answer.' };

/** Asks the running app. Never throws. */
export async function askApp(question: HelperQuestion): Promise<HelperAnswer | Silence> {
  const door = findDoor();
  if ('answer' in door) return door;
  const line = `${JSON.stringify({ ...question, key: door.key })}\n`;
  if (Buffer.byteLength(line) > HELPER_LINE_MAX_BYTES) return UNANSWERED;
  return parseAnswer(await exchange(door.socketPath, line)) ?? UNANSWERED;
}

/** The door's file lies beside this program; what others could have written or read is not believed. */
function findDoor(): HelperDoorFile | Silence {
  const path = join(__dirname, HELPER_DOOR_FILE);
  try {
    const { mode, uid } = statSync(path);
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & OTHERS) !== 0)) {
      return { answer: 'SILENCE', reason: `${path} is open to others, so it is not used.` };
    }
    const { socketPath, key } = JSON.parse(readFileSync(path, 'utf8'));
    return typeof socketPath === 'string' && typeof key === 'string'
      ? { socketPath, key }
      : NOT_RUNNING;
  } catch {
    return NOT_RUNNING;
  }
}

/** Sends a line and resolves with the line that comes back; with none where the bounds are broken. */
function exchange(socketPath: string, line: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let received = '';
    const give = (answer: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    let timer = setTimeout(() => give(undefined), CONNECT_MS);
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      clearTimeout(timer);
      timer = setTimeout(() => give(undefined), ANSWER_MS);
      socket.write(line);
    });
    socket.on('data', (chunk: string) => {
      received += chunk;
      const end = received.indexOf('\n');
      if (end >= 0) give(received.slice(0, end));
      else if (received.length > HELPER_LINE_MAX_BYTES) give(undefined);
    });
    socket.on('error', () => give(undefined));
    socket.on('close', () => give(undefined));
  });
}

function parseAnswer(line: string | undefined): HelperAnswer | undefined {
  try {
    // The app that holds the key wrote it: nobody else can have listened there.
    return line === undefined ? undefined : (JSON.parse(line) as HelperAnswer);
  } catch {
    return undefined;
  }
}
