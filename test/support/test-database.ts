import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';

/** An empty database on the engine of the run, gone once it is disposed of. */
export interface TestDatabase extends AsyncDisposable {
  readonly engine: 'sqlite' | 'mysql';
  /** What `DATABASE_URL` is. */
  readonly url: string;
  /** What else a server on it is set to. */
  readonly env: Readonly<Record<string, string>>;
  /** SQLite's file. */
  readonly path: string;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const mysqlServer = inject('mysqlServer');
  return mysqlServer === undefined ? createFile() : createOnServer(mysqlServer);
}

async function createFile(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-test-'));
  const path = join(folder, 'latchkey.sqlite');
  return {
    engine: 'sqlite',
    url: `sqlite:${path}`,
    env: {},
    path,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function createOnServer(server: string): Promise<TestDatabase> {
  const name = `latchkey_${randomUUID().replaceAll('-', '')}`;
  const ask = async (statement: string) => {
    const connection = await createConnection(`${server}latchkey`);
    try {
      await connection.query(statement);
    } finally {
      connection.destroy();
    }
  };
  await ask(`CREATE DATABASE ${name}`);
  return {
    engine: 'mysql',
    url: `${server}${name}`,
    env: { REDIS_URL: inject('redisUrl') ?? '', LATCHKEY_DATABASE_POOL: '4' },
    path: '',
    [Symbol.asyncDispose]: () => ask(`DROP DATABASE ${name}`),
  };
}
