import { createServer, type LatchkeyServer, loadConfig } from '@latchkey/server';
import type { Log } from '../../packages/server/dist/core/log.js';
import { type Asking, asking } from './graphql.js';
import { TestClock } from './test-clock.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** Makes the first account of every test's server. */
export const SETUP_CODE = 'the-set-up-code';
export const PASSWORD = 'a long enough password';

export interface TestServer extends Asking, AsyncDisposable {
  readonly server: LatchkeyServer;
  readonly clock: TestClock;
  readonly database: TestDatabase;
  /** SQLite's file. */
  readonly databasePath: string;
}

/** A real server on a free port with a database of its own, gone at the end of the `await using` block. */
export async function startServer(
  env: Record<string, string> = {},
  { clock = new TestClock(), log }: { clock?: TestClock; log?: Log } = {},
): Promise<TestServer> {
  const database = await createTestDatabase();
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    ...(env['DATABASE_URL'] === undefined && database.env),
    LATCHKEY_SIGN_UPS: 'open',
    LATCHKEY_SETUP_CODE: SETUP_CODE,
    LATCHKEY_LOG_LEVEL: 'silent',
    ...env,
  });
  const server = await createServer(config, clock, log);
  return {
    server,
    clock,
    database,
    databasePath: database.path,
    ...asking(server.url),
    async [Symbol.asyncDispose]() {
      await server.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
