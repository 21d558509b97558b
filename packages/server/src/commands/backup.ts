import { chmodSync, existsSync } from 'node:fs';
import Libsql from 'libsql';
import { loadConfig } from '../config.js';

/**
 * Writes a copy of the embedded database to the file that is named, while the server goes on: the state of one moment,
 * compacted, every acknowledged change until then in it. To restore, stop the server and put the copy in the place of the
 * database, without its -wal and -shm files.
 */
function backup(target: string | undefined): string {
  if (target === undefined) throw new Error('Name the file to write: npm run backup -- FILE');
  if (existsSync(target)) throw new Error(`${target} exists already; a backup overwrites nothing`);
  const { database } = loadConfig(process.env);
  if (database.engine !== 'sqlite') {
    throw new Error(
      'DATABASE_URL names a MySQL server: back it up with its own tools, see docs/mysql.md',
    );
  }
  const { path } = database;
  if (!existsSync(path)) throw new Error(`There is no database at ${path}`);
  const source = new Libsql(path);
  source.pragma('busy_timeout = 10000');
  source.prepare('VACUUM INTO ?').run([target]);
  source.close();
  chmodSync(target, 0o600);
  return path;
}

try {
  const target = process.argv[2];
  process.stdout.write(`Copied ${backup(target)} to ${target}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
