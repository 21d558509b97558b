import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Asking, asking } from './graphql.js';
import { SETUP_CODE } from './latchkey.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

const MAIN = fileURLToPath(new URL('../../packages/server/dist/main.js', import.meta.url));

export interface TestProcess extends Asking {
  readonly url: string;
  readonly pid: number;
  /** All that it wrote to its standard output so far, a JSON object a line. */
  readonly log: readonly string[];
  /** All that it wrote to its standard error so far: words for the operator. */
  readonly notes: readonly string[];
  /** Resolves with the first line of its log that holds `text`, be it there already or still to come. */
  logged(text: string): Promise<string>;
  /** Resolves with its exit code once it is gone. */
  readonly ended: Promise<number | null>;
  /** Ends it as a power cut would; resolves once it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop; @returns its exit code once it is gone. */
  stop(): Promise<number | null>;
}

export interface TestHome extends AsyncDisposable {
  /** Where its processes run. */
  readonly folder: string;
  readonly database: TestDatabase;
  /** Starts a server process over the home's database. */
  start(env?: Record<string, string>): Promise<TestProcess>;
  /** Runs a process that is expected to give up; @returns how and with what words. */
  runToEnd(env?: Record<string, string>): Promise<{ exitCode: number | null; notes: string }>;
}

/**
 * A database that outlives the processes over it, on the engine of the run or as given; all of it is gone at the end of the
 * block.
 * @param prefix comes before each process's command.
 */
export async function makeHome(
  given?: TestDatabase,
  prefix: readonly string[] = [],
): Promise<TestHome> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-process-'));
  const database = given ?? (await createTestDatabase());
  const [command, ...args] = [...prefix, process.execPath, MAIN];
  const children = new Set<ChildProcess>();
  const run = (env: Record<string, string>) => {
    const child = spawn(command as string, args, {
      cwd: folder,
      env: {
        PORT: '0',
        DATABASE_URL: database.url,
        ...database.env,
        LATCHKEY_SIGN_UPS: 'open',
        LATCHKEY_SETUP_CODE: SETUP_CODE,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    return child;
  };
  return {
    folder,
    database,
    start: (env = {}) => started(run(env)),
    async runToEnd(env = {}) {
      const child = run(env);
      const notes = linesOf(child.stderr);
      const [exitCode] = await once(child, 'close');
      return { exitCode, notes: notes.join('\n') };
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) await gone(child, 'SIGKILL');
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function started(child: ChildProcess): Promise<TestProcess> {
  const log = linesOf(child.stdout);
  const notes = linesOf(child.stderr);
  const logged = (text: string) => lineWith(text, child, log, notes);
  const { url } = JSON.parse(await logged('"Listening"'));
  return {
    pid: child.pid as number,
    log,
    notes,
    logged,
    ended: once(child, 'close').then(([exitCode]) => exitCode),
    ...asking(url),
    async kill() {
      await gone(child, 'SIGKILL');
    },
    stop: () => gone(child, 'SIGTERM'),
  };
}

function linesOf(stream: NodeJS.ReadableStream | null): string[] {
  const lines: string[] = [];
  if (stream !== null) createInterface(stream).on('line', (line) => lines.push(line));
  return lines;
}

function lineWith(
  text: string,
  child: ChildProcess,
  log: readonly string[],
  notes: readonly string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const line = log.find((each) => each.includes(text));
      if (line === undefined) return;
      child.stdout?.off('data', lookSoon);
      resolve(line);
    };
    // The lines are split by a listener of their own, which this lets go first.
    const lookSoon = () => setImmediate(look);
    child.stdout?.on('data', lookSoon);
    child.once('close', () => reject(new Error(`The server gave up: ${notes.join('\n')}`)));
    look();
  });
}

async function gone(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
  return child.exitCode;
}
