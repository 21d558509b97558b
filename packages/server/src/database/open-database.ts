import type { Config } from '../config.js';
import type { Database } from './database.js';
import { openMysql } from './mysql.js';
import { openSqlite } from './sqlite.js';

/** Opens the database that the configuration names, and brings its schema up to date. */
export function openDatabase(
  config: Pick<Config, 'database' | 'databasePool' | 'databaseTls'>,
): Promise<Database> {
  const { database, databasePool, databaseTls } = config;
  return database.engine === 'sqlite'
    ? openSqlite(database.path)
    : openMysql({ address: database, pool: databasePool, tls: databaseTls });
}
