import { createServer, type LatchkeyServer, loadConfig } from '@latchkey/server';
import { type GraphqlRequest, graphql } from './graphql.js';
import { TestClock } from './test-clock.js';
import { createTestDatabase } from './test-database.js';

export const PASSWORD = 'a long enough password';

export interface TestServer extends AsyncDisposable {
  readonly server: LatchkeyServer;
  readonly url: string;
  readonly clock: TestClock;
  readonly engine: 'sqlite' | 'mysql';
  /** SQLite's file. */
  readonly databasePath: string;
  /** Asks GraphQL; throws where the answer has errors. */
  // biome-ignore lint/suspicious/noExplicitAny: a test names the fields that it looks at, and fails where they are missing
  ask<Data = any>(query: string, request?: GraphqlRequest): Promise<Data>;
  /** Asks GraphQL for something that must be refused; @returns the first error's code. */
  refusal(query: string, request?: GraphqlRequest): Promise<string>;
}

/** A real server on a free port with a database of its own, gone at the end of the `await using` block. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const database = await createTestDatabase();
  const clock = new TestClock();
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    ...(env['DATABASE_URL'] === undefined && database.env),
    LATCHKEY_SIGN_UPS: 'open',
    LATCHKEY_LOG_LEVEL: 'silent',
    ...env,
  });
  const server = await createServer(config, clock);
  const { url } = server;
  return {
    server,
    url,
    clock,
    engine: database.engine,
    databasePath: database.path,
    async ask<Data>(query: string, request?: GraphqlRequest) {
      const { data, errors } = await graphql<Data>(url, query, request);
      if (errors.length > 0) throw new Error(`Refused: ${JSON.stringify(errors)}`);
      return data as Data;
    },
    async refusal(query, request) {
      const { errors } = await graphql(url, query, request);
      return errors[0]?.extensions.code ?? 'not refused';
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
