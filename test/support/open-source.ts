import Libsql from 'libsql';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { entities } from '../../packages/server/dist/database/entities/entities.js';
import { migrations } from '../../packages/server/dist/database/migrations/migrations.js';
import { loadConfig } from '../../packages/server/dist/server.js';
import type { TestDatabase } from './test-database.js';

type Migrations = NonNullable<DataSourceOptions['migrations']>;

/** TypeORM on a test's database, with the server's entities and some or all of its migrations. */
export async function openSource(
  { url, path }: TestDatabase,
  some: Migrations = migrations,
): Promise<DataSource> {
  const { database } = loadConfig({ DATABASE_URL: url });
  const options: DataSourceOptions =
    database.engine === 'sqlite'
      ? { type: 'better-sqlite3', driver: Libsql, database: path, entities, migrations: some }
      : {
          type: 'mariadb',
          url: url.replace('mysql:', 'mariadb:'),
          charset: 'UTF8MB4_BIN',
          bigNumberStrings: false,
          entities,
          migrations: some,
        };
  return new DataSource(options).initialize();
}
