import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Database, Transaction } from '../../packages/server/dist/database/database.js';
import { openSqlite } from '../../packages/server/dist/database/sqlite.js';

interface TestDatabase extends AsyncDisposable {
  readonly database: Database;
}

async function openDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-database-'));
  const database = await openSqlite(join(folder, 'latchkey.sqlite'));
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const insert = ({ sql }: Transaction, id: string) =>
  sql.run('INSERT INTO locks (name, holds) VALUES (?, 1)', [id]);
const idsIn = async ({ sql }: Database) =>
  (await sql.all<{ name: string }>('SELECT name FROM locks ORDER BY name')).map(({ name }) => name);

test('a transaction that is rolled back takes no neighbour with it', async () => {
  await using opened = await openDatabase();
  const { database } = opened;
  const one = database.transaction(async (transaction) => {
    await insert(transaction, 'one');
    await turn();
    await turn();
    throw new Error('one fails');
  });
  const two = database.transaction(async (transaction) => {
    await insert(transaction, 'two');
    return 'committed';
  });

  await expect(one).rejects.toThrow('one fails');
  expect(await two).toBe('committed');
  expect(await idsIn(database)).toEqual(['two']);
});

test('twenty transactions at once, each with a wait in it, all succeed', async () => {
  await using opened = await openDatabase();
  const { database } = opened;
  const ids = Array.from({ length: 20 }, (_, index) => `id ${String(index).padStart(2, '0')}`);
  await Promise.all(
    ids.map((id) =>
      database.transaction(async (transaction) => {
        await turn();
        await insert(transaction, id);
        await turn();
      }),
    ),
  );
  expect(await idsIn(database)).toEqual(ids);
});

test('a reader sees nothing that is not committed', async () => {
  await using opened = await openDatabase();
  const { database } = opened;
  const seen: string[][] = [];
  await database.transaction(async (transaction) => {
    await insert(transaction, 'one');
    seen.push(await idsIn(database));
    await insert(transaction, 'two');
    seen.push(await idsIn(database));
  });
  seen.push(await idsIn(database));
  expect(seen).toEqual([[], [], ['one', 'two']]);
});

test('effects run after a commit, before the caller goes on, and never after a rollback', async () => {
  await using opened = await openDatabase();
  const { database } = opened;
  const effects: string[] = [];
  const failed = database.transaction(async ({ afterCommit }) => {
    afterCommit(() => effects.push('of the rollback'));
    throw new Error('fails');
  });
  await expect(failed).rejects.toThrow('fails');
  await database.transaction(async (transaction) => {
    transaction.afterCommit(() => effects.push('of the commit'));
    await insert(transaction, 'one');
    expect(effects).toEqual([]);
  });
  expect(effects).toEqual(['of the commit']);
});

test('a batch that fails leaves none of its rows and no open transaction', async () => {
  await using opened = await openDatabase();
  const { database } = opened;
  const statement = 'INSERT INTO locks (name, holds) VALUES (?, ?)';
  const failed = database.insertBatch(statement, () => [
    ['same', 1],
    ['same', 1],
  ]);
  await expect(failed).rejects.toThrow();
  await database.insertBatch(statement, () => [['other', 1]]);
  expect(await idsIn(database)).toEqual(['other']);
});
