import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Runs a program to its end. @returns what it printed, to standard output and beside it, and the milliseconds from its start to its exit. */
export async function timeRun(
  [command = '', ...args]: readonly string[],
  input = '',
): Promise<{ readonly output: string; readonly remarks: string; readonly ms: number }> {
  const startedAt = performance.now();
  const child = spawn(command, args, { stdio: 'pipe' });
  const exit = once(child, 'exit').then(() => performance.now() - startedAt);
  // A program that reads none of it may be gone before it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [output, remarks, ms] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { output, remarks, ms };
}
