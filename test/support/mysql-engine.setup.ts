import type { TestProject } from 'vitest/node';
import { startMariadb } from './programs/mariadb.js';
import { startRedis } from './programs/redis.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The `DATABASE_URL` of the run's MariaDB up to a database's name; undefined where the engine is SQLite. */
    mysqlServer: string | undefined;
    redisUrl: string | undefined;
  }
}

/** One MariaDB and one Redis for the whole run; each test server gets a database of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // No test cuts this one's power, so it does not have to sync.
  const mariadb = await startMariadb(['--innodb-flush-log-at-trx-commit=0', '--sync-frm=OFF']);
  const redis = await startRedis();
  const url = await mariadb.createDatabase('latchkey');
  project.provide('mysqlServer', url.replace(/latchkey$/, ''));
  project.provide('redisUrl', redis.url);
  return async () => {
    await redis[Symbol.asyncDispose]();
    await mariadb[Symbol.asyncDispose]();
  };
}
