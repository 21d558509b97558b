import { createPool, type PoolConnection } from 'mysql2';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { transact } from '../../packages/server/dist/database/mysql-transaction.js';
import { createTestDatabase } from '../support/test-database.js';

test('a connection whose ROLLBACK fails is closed, so that nobody writes into what it left open', async () => {
  await using place = await createTestDatabase();
  const pool = createPool({ uri: place.url, connectionLimit: 1 });
  const other = await createConnection(place.url);
  await other.query('CREATE TABLE things (name VARCHAR(20))');
  const connections: PoolConnection[] = [];
  await using _ends = {
    // One with a transaction open would keep the database from being dropped.
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.destroy();
      pool.end();
      await other.end();
    },
  };
  const acquired = () =>
    new Promise<PoolConnection>((resolve, reject) => {
      pool.getConnection((error, connection) => {
        if (error) return reject(error);
        connections.push(connection);
        resolve(connection);
      });
    });
  const insert = (connection: PoolConnection, name: string) =>
    new Promise<void>((resolve, reject) => {
      const done = (error: Error | null) => (error ? reject(error) : resolve());
      connection.query('INSERT INTO things VALUES (?)', [name], done);
    });

  const first = await acquired();
  const query = first.query.bind(first) as (...values: unknown[]) => unknown;
  Object.assign(first, {
    query(statement: string, ...rest: unknown[]) {
      const replaced = statement === 'ROLLBACK' ? 'ROLLBACK TO nowhere' : statement;
      return query(replaced, ...rest);
    },
  });
  const failing = transact(first, async () => {
    await insert(first, 'undone');
    throw new Error('The work fails.');
  });
  await expect(failing).rejects.toThrow('The work fails.');
  first.release();

  const second = await acquired();
  expect(second.threadId).not.toBe(first.threadId);
  await insert(second, 'acknowledged');
  second.release();
  const [rows] = await other.query<RowDataPacket[]>('SELECT name FROM things');
  expect(rows).toEqual([{ name: 'acknowledged' }]);
});
