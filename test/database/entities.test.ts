import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqlite } from '../../packages/server/dist/database/sqlite.js';

test('the migrations make exactly the tables that the entities describe', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-schema-'));
  const database = await openSqlite(join(folder, 'data', 'latchkey.sqlite'));
  try {
    const { upQueries } = await database.manager.connection.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  } finally {
    await database.close();
    await rm(folder, { recursive: true });
  }
});

test('the database is readable by its owner alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-mode-'));
  const path = join(folder, 'data', 'latchkey.sqlite');
  const database = await openSqlite(path);
  try {
    await database.sql.get('SELECT 1');
    const modes = [(await stat(join(folder, 'data'))).mode, (await stat(path)).mode];
    expect(modes.map((mode) => mode & 0o777)).toEqual([0o700, 0o600]);
    for (const suffix of ['-wal', '-shm']) {
      expect((await stat(`${path}${suffix}`)).mode & 0o077).toBe(0);
    }
  } finally {
    await database.close();
    await rm(folder, { recursive: true });
  }
});
