import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { missingPrograms, requireProgram } from './programs/find-program.js';
import { skipped } from './programs/skipped.js';

/** System calls of a process that fail for as long as this is not disposed of. */
export type FailingCalls = AsyncDisposable;

/**
 * Has Linux answer `calls` of a process with an error.
 * @param calls such as `fsync,fdatasync`.
 * @param error such as `EIO`.
 * @returns undefined where nobody may do that, which is said, and is a failure with `CI=true`
 */
export async function failCalls(
  pid: number,
  calls: string,
  error: 'EIO' | 'EROFS',
): Promise<FailingCalls | undefined> {
  const instead = 'What a disk does that does not sync, or becomes read-only, is not tested.';
  if (missingPrograms(['strace']).length > 0) {
    skipped(`Not installed: strace. ${instead}`);
    return undefined;
  }
  const inject = [
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:error=${error}`,
    '-o',
    '/dev/null',
  ];
  const tracer = spawn(requireProgram('strace'), ['-f', ...inject, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(tracer, 'close').then(() => false);
  const attached = once(tracer.stderr, 'data').then(([line]) => /attached/.test(String(line)));
  if (!(await Promise.race([attached, ended]))) {
    tracer.kill();
    skipped(`Linux lets nobody trace a process here. ${instead}`);
    return undefined;
  }
  return {
    async [Symbol.asyncDispose]() {
      tracer.kill('SIGINT');
      await ended;
    },
  };
}
