import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { openSource } from '../support/open-source.js';
import { createTestDatabase } from '../support/test-database.js';

test('identifiers are compared byte by byte, whatever the database was made with', async () => {
  await using database = await createTestDatabase();
  const before = await openSource(database);
  await before.query('ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci');
  await before.destroy();

  await using _server = await startServer({ DATABASE_URL: database.url });
  const source = await openSource(database);
  const columns = await source.query(`SELECT DISTINCT COLLATION_NAME AS name
    FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND COLLATION_NAME IS NOT NULL AND TABLE_NAME <> 'migrations'`);
  await source.destroy();
  expect(columns).toEqual([{ name: 'utf8mb4_bin' }]);
});
