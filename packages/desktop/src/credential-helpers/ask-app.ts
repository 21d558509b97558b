import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  HELPER_ACTION_HEADER,
  HELPER_ANSWER_MAX_BYTES,
  HELPER_INPUT_MAX_BYTES,
  type HelperReply,
  INPUT_TOO_LONG,
  readReply,
} from '../ipc/helper-contract.js';
import { HELPER_ENDPOINT_FILE, readEndpointFile } from '../ipc/helper-endpoint-file.js';

/** Longer than the app takes where it has to ask its server for a new token. */
const ANSWER_MS = 10_000;
const OTHERS = 0o077;

type Endpoint = NonNullable<ReturnType<typeof readEndpointFile>>;

/** The app said nothing; a sentence for the person. */
export interface Silence {
  readonly reason: string;
}

const NOT_RUNNING: Silence = { reason: 'The Latchkey app is not running.' };
const UNANSWERED: Silence = { reason: 'The Latchkey app does not answer.' };

/** Asks the running app for `action`, with what the client wrote. Never throws. */
export async function askApp(action: string, input: string): Promise<HelperReply | Silence> {
  if (Buffer.byteLength(input) > HELPER_INPUT_MAX_BYTES) return { reason: INPUT_TOO_LONG };
  const endpoint = findEndpoint();
  if ('reason' in endpoint) return endpoint;
  try {
    return readReply(await exchange(endpoint, action, input)) ?? UNANSWERED;
  } catch (error) {
    const isGone = ['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '');
    return isGone ? NOT_RUNNING : UNANSWERED;
  }
}

/** The endpoint's file lies beside this program; what others could have written or read is not believed. */
function findEndpoint(): Endpoint | Silence {
  const path = join(__dirname, HELPER_ENDPOINT_FILE);
  try {
    const { mode, uid } = statSync(path);
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & OTHERS) !== 0)) {
      return { reason: `${path} is open to others, so it is not used.` };
    }
    return readEndpointFile(readFileSync(path, 'utf8')) ?? UNANSWERED;
  } catch {
    return NOT_RUNNING;
  }
}

function exchange({ socketPath, key }: Endpoint, action: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        socketPath,
        method: 'POST',
        headers: {
          Host: 'latchkey.invalid',
          Authorization: `Bearer ${key}`,
          [HELPER_ACTION_HEADER]: action,
        },
        signal: AbortSignal.timeout(ANSWER_MS),
        agent: false,
      },
      (response) => {
        const length = Number(response.headers['content-length']);
        if (length <= HELPER_ANSWER_MAX_BYTES) text(response).then(resolve, reject);
        else asking.destroy(new Error('The answer is longer than any.'));
      },
    );
    asking.on('error', reject);
    asking.end(input);
  });
}
