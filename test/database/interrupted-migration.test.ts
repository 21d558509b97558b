import { expect, test } from 'vitest';
import { migrations } from '../../packages/server/dist/database/migrations/migrations.js';
import { startServer } from '../support/latchkey.js';
import { openSource } from '../support/open-source.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const CHANGE = /^(CREATE|ALTER)\b/;

/** Migrates up to `index`, and there makes so many changes of the schema before the connection is gone. */
async function migrateUpTo(database: TestDatabase, index: number, changes: number): Promise<void> {
  const source = await openSource(database, migrations.slice(0, index));
  await source.runMigrations();
  const runner = source.createQueryRunner();
  const { query } = runner;
  let left = changes;
  runner.query = (text: string, ...more: never[]) => {
    if (CHANGE.test(text) && left-- === 0) throw new Error('Broken off on purpose.');
    return query.call(runner, text, ...more);
  };
  const Migration = migrations[index] as (typeof migrations)[number];
  await new Migration().up(runner).catch(() => undefined);
  await runner.release();
  await source.destroy();
}

const PLACES = migrations.flatMap(({ name }, index) => [
  { name, index, last: 'first', changes: 1 },
  { name, index, last: 'seventh', changes: 7 },
  { name, index, last: 'last', changes: Number.POSITIVE_INFINITY },
]);

test.for(PLACES)(
  '$name, broken off after its $last change, goes on at the next start',
  async ({ index, changes }) => {
    await using database = await createTestDatabase();
    await migrateUpTo(database, index, changes);
    await using _server = await startServer({ DATABASE_URL: database.url });
    const source = await openSource(database);
    const drift = await source.driver.createSchemaBuilder().log();
    const pending = await source.showMigrations();
    await source.destroy();
    expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
    expect(pending).toBe(false);
  },
);
