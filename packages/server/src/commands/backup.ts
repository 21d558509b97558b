import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import Libsql from 'libsql/promise';
import { loadConfig } from '../config.js';
import { noDatabase } from '../core/start-error.js';
import { realDatabasePath } from '../database/sqlite-files.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Writes a copy of the embedded database to the file that is named, while the server goes on: the state of one moment,
 * compacted, every acknowledged change until then in it. To restore, stop the server and put the copy in the place of the
 * database, without its -wal and -shm files.
 *
 * The copy is made in a folder that its owner alone can open, and gets its name when it is whole and on disk.
 */
async function backup(names: readonly string[]): Promise<string> {
  const [name, ...rest] = names;
  if (name === undefined || name.startsWith('-') || rest.length > 0) {
    throw new Error('Name the file to write: npm run backup -- FILE');
  }
  const target = resolve(name);
  refuseIfThere(target);
  const { database } = loadConfig(process.env);
  if (database.engine !== 'sqlite') {
    throw new Error(
      'DATABASE_URL names a MySQL server: back it up with its own tools, see docs/mysql.md',
    );
  }
  if (!existsSync(database.path)) throw noDatabase(database.path);
  const source = realDatabasePath(database.path);
  const folder = makeFolderBeside(target);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      remove();
      process.exit(128 + constants.signals[signal]);
    });
  }
  try {
    const copy = join(folder, basename(target));
    await copyDatabase(source, copy);
    giveName(copy, target);
  } finally {
    remove();
  }
  return database.path;
}

/** In a thread of the driver's, so that a signal is heard meanwhile. */
async function copyDatabase(source: string, copy: string): Promise<void> {
  const connection = new Libsql(source, {});
  try {
    await connection.exec('PRAGMA busy_timeout = 10000');
    const tables = await connection.prepare(
      "SELECT 1 FROM sqlite_master WHERE name = 'migrations'",
    );
    if ((await tables.all([])).length === 0) throw noDatabase(source);
    await connection.exec(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
  } finally {
    connection.close();
  }
}

function giveName(copy: string, target: string): void {
  chmodSync(copy, 0o600);
  flush(copy, 'r+');
  try {
    // Unlike renaming, it overwrites nothing.
    linkSync(copy, target);
  } catch {
    refuseIfThere(target);
    renameSync(copy, target); // where the file system has no links
  }
  // Windows cannot flush a folder.
  if (process.platform !== 'win32') flush(dirname(target), 'r');
}

function flush(path: string, flags: 'r' | 'r+'): void {
  const file = openSync(path, flags);
  fsyncSync(file);
  closeSync(file);
}

function makeFolderBeside(target: string): string {
  const folder = dirname(target);
  try {
    return mkdtempSync(join(folder, '.latchkey-backup-'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${folder} is not a folder that this user can write to (${code})`);
  }
}

function refuseIfThere(target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false }) === undefined) return;
  throw new Error(`${target} exists already; a backup overwrites nothing`);
}

process.umask(0o077);
try {
  const names = process.argv.slice(2);
  process.stdout.write(`Copied ${await backup(names)} to ${names[0]}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
