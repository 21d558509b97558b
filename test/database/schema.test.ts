import type { DataSource, Table, TableColumn } from 'typeorm';
import { expect, test } from 'vitest';
import { migrations } from '../../packages/server/dist/database/migrations/migrations.js';
import { openSource } from '../support/open-source.js';
import { createTestDatabase } from '../support/test-database.js';

/** It has its one row already. */
const SIZE_OF_THE_LOG = 'usage_log_size';

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

test.each([...new Set([1, migrations.length])])(
  'every row of every table that the first %i migrations made is there after the upgrade',
  async (count) => {
    await using database = await createTestDatabase();
    const older = await openSource(database, migrations.slice(0, count));
    await older.runMigrations();
    const tables = await fillTables(older);
    const before = await rowsOf(older, tables);
    await older.destroy();

    const upgraded = await openSource(database);
    await upgraded.runMigrations();
    const after = await rowsOf(upgraded, tables);
    await upgraded.destroy();
    expect(new Set(Object.values(before).map((rows) => rows.length))).toEqual(new Set([2]));
    expect(after).toEqual(before);
  },
);

/** Puts two rows into each table: one as full as it can be, one with what may be missing left out. */
async function fillTables(source: DataSource): Promise<Table[]> {
  const runner = source.createQueryRunner();
  const names = source.entityMetadatas.map(({ tableName }) => tableName);
  const tables = await runner.getTables(names.filter((name) => name !== SIZE_OF_THE_LOG));
  await runner.release();
  for (const table of tables) {
    for (const row of [1, 2]) {
      const columns = table.columns.filter(({ isNullable }) => row === 1 || !isNullable);
      await insert(
        source,
        table.name,
        columns,
        columns.map((column) => valueFor(column, row)),
      );
    }
  }
  return tables;
}

function insert(
  source: DataSource,
  table: string,
  columns: readonly Pick<TableColumn, 'name'>[],
  values: readonly (string | number)[],
): Promise<unknown> {
  const names = columns.map(({ name }) => name).join(', ');
  return source.query(
    `INSERT INTO ${table} (${names}) VALUES (${values.map(() => '?').join(', ')})`,
    [...values],
  );
}

/** As long or as large as the column takes, and another in every row. */
function valueFor({ name, type, length }: TableColumn, row: number): string | number {
  if (type === 'varchar' || type === 'text') {
    return `${row} ${name} é`
      .padEnd(Number(length) || 5_000, 'x')
      .slice(0, Number(length) || 5_000);
  }
  return type === 'bigint' ? Number.MAX_SAFE_INTEGER - row : row % 2;
}

/** What stands in these tables' columns, and in none that came later. */
async function rowsOf(
  source: DataSource,
  tables: readonly Table[],
): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const { name, columns, primaryColumns } of tables) {
    const names = columns.map((column) => column.name).join(', ');
    const order = primaryColumns.map((column) => column.name).join(', ');
    rows[name] = await source.query(`SELECT ${names} FROM ${name} ORDER BY ${order}`);
  }
  return rows;
}
