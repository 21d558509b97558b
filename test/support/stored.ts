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
