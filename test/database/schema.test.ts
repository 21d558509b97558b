import { expect, test } from 'vitest';
import { migrations } from '../../packages/server/dist/database/migrations/migrations.js';
import { startServer } from '../support/latchkey.js';
import { openSource } from '../support/open-source.js';
import { createTestDatabase } from '../support/test-database.js';

test('entities and the migrated schema agree', async () => {
  await using database = await createTestDatabase();
  const source = await openSource(database);
  await source.runMigrations();
  const drift = await source.driver.createSchemaBuilder().log();
  await source.destroy();
  expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
});

test('migrations can be undone, the last first', async () => {
  await using database = await createTestDatabase();
  const source = await openSource(database);
  const done = await source.runMigrations();
  for (const _ of done) await source.undoLastMigration();
  const runner = source.createQueryRunner();
  const left = [];
  for (const { tableName } of source.entityMetadatas) {
    if (await runner.hasTable(tableName)) left.push(tableName);
  }
  await runner.release();
  await source.destroy();
  expect(left).toEqual([]);
});

test('every row of a database that an older release made is there after the upgrade', async () => {
  await using database = await createTestDatabase();
  const source = await openSource(database, migrations.slice(0, 1));
  await source.runMigrations();
  await source.query(`INSERT INTO accounts (id, username, email, passwordHash, role, permissions, createdAt)
    VALUES ('a', 'alice', 'alice@example.com', '', 'MEMBER', 7, 1767225600000)`);
  await source.destroy();

  await using _server = await startServer({ DATABASE_URL: database.url });
  const upgraded = await openSource(database);
  const rows = await upgraded.query('SELECT id, username, createdAt FROM accounts');
  await upgraded.destroy();
  expect(rows).toEqual([{ id: 'a', username: 'alice', createdAt: 1767225600000 }]);
});
