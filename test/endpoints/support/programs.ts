import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { missingPrograms, requireProgram } from '../../support/programs/find-program.js';

/** How long a program may take to come up, or a command to end. */
const PATIENCE_MS = 30_000;

/**
 * Whether all of `programs` are on this machine. Where one is missing, that is printed and its tests are left out; in
 * continuous integration it is a failure.
 */
export function havePrograms(...programs: readonly string[]): boolean {
  const missing = missingOf(programs);
  if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);
  return missing === undefined;
}

/** The same for what not every machine can have: its tests are left out without it, everywhere. */
export function haveOptional(...programs: readonly string[]): boolean {
  return missingOf(programs) === undefined;
}

function missingOf(programs: readonly string[]): string | undefined {
  const missing = missingPrograms(programs);
  if (missing.length === 0) return undefined;
  const message = `Not on this machine: ${missing.join(', ')}. The tests that need it are skipped.`;
  process.stdout.write(`${message}\n`);
  return message;
}

export interface Output {
  readonly code: number | null;
  /** What it wrote to either stream. */
  readonly output: string;
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  { env = {}, input = '', cwd }: Options = {},
): Promise<Output> {
  const child = spawn(requireProgram(command), args, {
    cwd,
    env: { ...process.env, ...env },
    timeout: PATIENCE_MS,
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, output };
}

/** Starts a program that goes on running; resolves once `isUp` says so. It and its children are gone after disposal. */
export async function start(
  command: string,
  args: readonly string[],
  isUp: () => Promise<boolean>,
): Promise<AsyncDisposable> {
  const child = spawn(requireProgram(command), args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-4000);
    });
  }
  const gone = once(child, 'exit');
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, 'SIGKILL');
      await gone;
    }
  };
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await isUp().catch(() => false))) {
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      await stop();
      throw new Error(`${command} did not come up: ${said}`);
    }
    await pause(20);
  }
  return { [Symbol.asyncDispose]: stop };
}
