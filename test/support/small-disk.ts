import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireProgram } from './programs/find-program.js';
import { skipped } from './programs/skipped.js';
import type { TestDatabase } from './test-database.js';

const READY = 'ready';

/** A file system of a few MiB with an empty SQLite database on it, gone once it is disposed of. */
export interface SmallDisk extends AsyncDisposable {
  readonly database: TestDatabase;
  /** What comes before the command of a process that is to see it. */
  readonly prefix: readonly string[];
  /** Leaves no byte free. */
  fill(): void;
  /** Frees what `fill` took. */
  free(): void;
}

/**
 * A small file system in memory, in a mount namespace of its own: that takes no rights where Linux lets everybody make
 * one. @returns undefined where it does not, which is said, and is a failure with `CI=true`
 */
export async function makeSmallDisk(mebibytes: number): Promise<SmallDisk | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-small-disk-'));
  const mount = `mount -t tmpfs -o size=${mebibytes}m,mode=700 tmpfs ${folder} && echo ${READY} && exec cat`;
  // It holds the namespace for as long as its standard input is open.
  const holder = spawn(
    requireProgram('unshare'),
    ['--user', '--map-root-user', '--mount', 'sh', '-c', mount],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  const ended = once(holder, 'close').catch(() => undefined);
  const isReady = await Promise.race([once(holder.stdout, 'data').then(() => true), ended]);
  if (isReady !== true) {
    rmSync(folder, { recursive: true });
    skipped('Linux lets nobody make a file system here. What a full disk does is not tested.');
    return undefined;
  }
  const filler = join(`/proc/${holder.pid}/root`, folder, 'filler');
  const path = join(folder, 'latchkey.sqlite');
  const enter = [requireProgram('nsenter'), '--target', String(holder.pid), '--user', '--mount'];
  return {
    database: {
      engine: 'sqlite',
      url: `sqlite:${path}`,
      env: {},
      path,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    prefix: [...enter, '--preserve-credentials', '--'],
    fill: () => fill(filler),
    free: () => rmSync(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function fill(path: string): void {
  const file = openSync(path, 'a');
  for (const bytes of [4096, 1]) {
    const part = Buffer.alloc(bytes);
    try {
      for (;;) writeSync(file, part);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}
