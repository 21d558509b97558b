import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type LatchkeyServer, loadConfig } from '@latchkey/server';
import { type Asking, asking } from './graphql.js';
import { TestClock } from './test-clock.js';

export const PASSWORD = 'a long enough password';

export interface TestServer extends Asking, AsyncDisposable {
  readonly server: LatchkeyServer;
  readonly clock: TestClock;
  /** The database's file. */
  readonly databasePath: string;
}

/** A real server on a free port with a database of its own, gone at the end of the `await using` block. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-test-'));
  const databasePath = join(folder, 'latchkey.sqlite');
  const clock = new TestClock();
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: `sqlite:${databasePath}`,
    LATCHKEY_SIGN_UPS: 'open',
    LATCHKEY_LOG_LEVEL: 'silent',
    ...env,
  });
  const server = await createServer(config, clock);
  return {
    server,
    clock,
    databasePath,
    ...asking(server.url),
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
