import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { requireProgram } from './find-program.js';
import { steadyPort } from './free-port.js';
import { Program } from './program.js';

/** A Redis of one's own on loopback that keeps nothing. */
export interface ThrowawayRedis extends AsyncDisposable {
  readonly program: Program;
  /** Its `REDIS_URL`. */
  readonly url: string;
}

export async function startRedis(): Promise<ThrowawayRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-redis-'));
  const port = await steadyPort();
  const url = `redis://127.0.0.1:${port}`;
  const program = new Program(
    requireProgram('redis-server'),
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
    ],
    async () => {
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.ping();
      } finally {
        client.disconnect();
      }
    },
  );
  await program.start();
  return {
    program,
    url,
    async [Symbol.asyncDispose]() {
      await program.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
