import { expect, test } from 'vitest';
import type { Database } from '../../packages/server/dist/database/database.js';
import { openDatabase } from '../../packages/server/dist/database/open-database.js';
import { loadConfig } from '../../packages/server/dist/server.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const INSERT = 'INSERT INTO leases (name, holder, expiresAt) VALUES (?, ?, ?)';
const COUNT = 'SELECT COUNT(*) AS count FROM leases';

const open = ({ url }: TestDatabase) => openDatabase(loadConfig({ DATABASE_URL: url }));

async function insertTwoRows(database: Database): Promise<void> {
  await database.insertBatch(INSERT, () => [
    ['one', '', 0],
    ['other', '', 0],
  ]);
}

test('transactions that deadlock are begun anew, and each takes effect once', async () => {
  await using place = await createTestDatabase();
  const database = await open(place);
  await insertTwoRows(database);
  let effects = 0;
  const add = (first: string, second: string) =>
    database.transaction(async ({ sql, afterCommit }) => {
      afterCommit(() => effects++);
      for (const name of [first, second]) {
        await sql.run('UPDATE leases SET expiresAt = expiresAt + 1 WHERE name = ?', [name]);
      }
    });
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      index % 2 ? add('one', 'other') : add('other', 'one'),
    ),
  );
  const sums = await database.sql.all<{ expiresAt: number }>('SELECT expiresAt FROM leases');
  await database.close();
  expect(sums).toEqual([{ expiresAt: 40 }, { expiresAt: 40 }]);
  expect(effects).toBe(40);
});

test('a transaction that fails leaves nothing behind, and its effects do not happen', async () => {
  await using place = await createTestDatabase();
  const database = await open(place);
  let effects = 0;
  const failing = database.transaction(async ({ sql, afterCommit }) => {
    afterCommit(() => effects++);
    await sql.run(INSERT, ['one', '', 0]);
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');
  const counted = await database.sql.get<{ count: number }>(COUNT);
  await database.close();
  expect(counted?.count).toBe(0);
  expect(effects).toBe(0);
});

test('transactions that lock an account run one after the other', async () => {
  await using place = await createTestDatabase();
  const database = await open(place);
  const countThenInsert = (name: string) =>
    database.transaction(async ({ sql, lockAccount }) => {
      await lockAccount('alice');
      const { count = 0 } = (await sql.get<{ count: number }>(COUNT)) ?? {};
      if (count < 5) await sql.run(INSERT, [name, '', 0]);
    });
  await Promise.all(Array.from({ length: 30 }, (_, index) => countThenInsert(`row ${index}`)));
  const counted = await database.sql.get<{ count: number }>(COUNT);
  await database.close();
  expect(counted?.count).toBe(5);
});

test.each([1, 2, 100, 777])('a batch of %i rows is inserted whole', async (length) => {
  await using place = await createTestDatabase();
  const database = await open(place);
  await database.insertBatch(INSERT, () =>
    Array.from({ length }, (_, index) => [`row ${index}`, 'h', index]),
  );
  const { count } = (await database.sql.get<{ count: number }>(COUNT)) ?? {};
  await database.close();
  expect(count).toBe(length);
});
