import type { Database } from './database.js';
import type { DatabaseSettings } from './database-settings.js';
import { openMysql } from './mysql.js';
import { openSqlite } from './sqlite.js';

/** Opens the database that the configuration names, and brings its schema up to date. */
export function openDatabase({
  database,
  databasePool,
  databaseTls,
}: DatabaseSettings): Promise<Database> {
  return database.engine === 'sqlite'
    ? openSqlite(database.path)
    : openMysql({ address: database, pool: databasePool, tls: databaseTls });
}
