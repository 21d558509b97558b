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

test('what is written in bulk is there as a whole or not at all, and hides until it is there', async () => {
  await using place = await createTestDatabase();
  const database = await open(place);
  const countRows = async () => Number((await database.sql.get<{ count: number }>(COUNT))?.count);
  const failing = database.bulk(async (sql) => {
    await sql.run(INSERT, ['one', '', 0]);
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');
  expect(await countRows()).toBe(0);
  const seenMeanwhile = await database.bulk(async (sql) => {
    await sql.run(INSERT, ['one', '', 0]);
    return countRows();
  });
  const seenAfterwards = await countRows();
  await database.close();
  expect([seenMeanwhile, seenAfterwards]).toEqual([0, 1]);
});

test.for([1, 15, 16, 17, 64, 100])('a batch of %i rows holds each of them once', async (count) => {
  await using place = await createTestDatabase();
  const database = await open(place);
  const names = Array.from({ length: count }, (_, index) => `lease ${String(index).padStart(3)}`);
  await database.insertBatch(INSERT, () => names.map((name, index) => [name, 'holder', index]));
  const rows = await database.sql.all('SELECT name, expiresAt FROM leases ORDER BY expiresAt');
  await database.close();
  expect(rows).toEqual(names.map((name, index) => ({ name, expiresAt: index })));
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
