import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import { createConnection } from 'mysql2/promise';
import type { TestDatabase } from './test-database.js';

/** A server's database beside the server that has it open: what is committed, and a way to do it harm. */
export interface Stored extends AsyncDisposable {
  all<Row>(sql: string, ...values: (string | number)[]): Promise<Row[]>;
  run(sql: string): Promise<void>;
}

export function openStored({
  engine,
  path,
  url,
}: Pick<TestDatabase, 'engine' | 'path' | 'url'>): Promise<Stored> {
  return engine === 'sqlite' ? openFile(path) : openConnection(url);
}

/** Every byte that a database holds: of its files on SQLite, of its tables' values on a server; by their names. */
export async function bytesOf(database: TestDatabase): Promise<Map<string, Buffer>> {
  if (database.engine === 'sqlite') {
    const folder = dirname(database.path);
    const read = async (name: string) => [name, await readFile(join(folder, name))] as const;
    return new Map(await Promise.all((await readdir(folder)).map(read)));
  }
  await using stored = await openConnection(database.url);
  const bytes = new Map<string, Buffer>();
  for (const table of await stored.all<object>('SHOW TABLES')) {
    const name = String(Object.values(table)[0]);
    const rows = await stored.all<object>(`SELECT * FROM ${name}`);
    const values = rows.flatMap((row) => Object.values(row));
    const parts = values.map((value) =>
      Buffer.isBuffer(value) ? value : Buffer.from(`${value} `),
    );
    bytes.set(name, Buffer.concat(parts));
  }
  return bytes;
}

async function openFile(path: string): Promise<Stored> {
  const connection = new Libsql(path);
  connection.pragma('busy_timeout = 5000');
  return {
    all: async <Row>(sql: string, ...values: (string | number)[]) =>
      connection.prepare(sql).all(values) as Row[],
    run: async (sql) => {
      connection.exec(sql);
    },
    [Symbol.asyncDispose]: async () => {
      connection.close();
    },
  };
}

async function openConnection(url: string): Promise<Stored> {
  const connection = await createConnection(url);
  return {
    all: async <Row>(sql: string, ...values: (string | number)[]) =>
      (await connection.query(sql, values))[0] as Row[],
    run: async (sql) => {
      await connection.query(sql);
    },
    [Symbol.asyncDispose]: () => connection.end(),
  };
}
