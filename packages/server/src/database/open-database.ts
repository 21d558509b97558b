import type { Database } from './database.js';
import type { DatabaseSettings } from './database-settings.js';
import { openMysql } from './mysql.js';
import { openSqlite } from './sqlite.js';

/**
 * Opens the database that the configuration names, and brings its schema up to date.
 * @param mustExist refuses one that is missing or has no tables yet: a server makes them, a command does not.
 */
export function openDatabase(
  { database, databasePool, databaseTls }: DatabaseSettings,
  mustExist = false,
): Promise<Database> {
  return database.engine === 'sqlite'
    ? openSqlite(database.path, mustExist)
    : openMysql({ address: database, pool: databasePool, tls: databaseTls }, mustExist);
}
