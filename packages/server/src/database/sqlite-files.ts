import {
  chmodSync,
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../core/make-folder.js';
import { StartError } from '../core/start-error.js';

/** What SQLite, and the lock, keep beside the database. */
const COMPANIONS = ['-lock', '-lock-journal', '-wal', '-shm', '-journal'];
/** Windows has other means than these modes. */
const hasModes = process.platform !== 'win32';

/**
 * The database's file by its one real path, after a look at whether it is safe there: SQLite keeps its log beside the name that
 * it opens, so that a second name of the same file would have another log, and each of the two would miss the other's changes.
 *
 * @param path may lead through symbolic links.
 * @throws StartError where it is no file, or has another name, or others could put theirs in its place
 */
export function realDatabasePath(path: string): string {
  const real = realPathOf(path);
  const folder = dirname(real);
  const { mode } = statSync(folder);
  if (hasModes && mode & 0o002 && !(mode & 0o1000)) {
    throw new StartError(
      `Every user may replace files in ${folder}, the database's folder. Run: chmod o-w ${folder}`,
    );
  }
  const file = lstatSync(real, { throwIfNoEntry: false });
  if (file !== undefined) refuseUnlessOneFile(real, file);
  for (const suffix of COMPANIONS) refuseUnlessOurs(real + suffix, file);
  return real;
}

/** Makes the folder of `path` where it is missing, for its owner alone. */
export function makeFolderOf(path: string): void {
  try {
    makeFolder(dirname(path), 0o700);
  } catch (error) {
    throw new StartError(`The database cannot be at ${path}: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/** Makes an empty file that nobody else can read, not even at first. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'wx', 0o600));
}

/** Takes the database, and what lies beside it, from everybody but its owner. */
export function makePrivate(path: string): void {
  for (const suffix of ['', ...COMPANIONS]) {
    const file = lstatSync(path + suffix, { throwIfNoEntry: false });
    if (file !== undefined && file.mode & 0o077) chmodSync(path + suffix, 0o600);
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw new StartError(`${path} is a symbolic link to a file that does not exist.`);
  }
  return join(realpathSync(dirname(path)), basename(path));
}

function refuseUnlessOneFile(path: string, file: Stats): void {
  if (file.isDirectory()) {
    throw new StartError(`${path} is a folder. DATABASE_URL names the database's file.`);
  }
  if (!file.isFile()) throw new StartError(`${path} is not a regular file.`);
  if (file.nlink > 1) {
    throw new StartError(
      `${path} has ${file.nlink} hard links. A database must have one name: remove the others, or give this server a copy.`,
    );
  }
  if (isMountPoint(path)) {
    throw new StartError(
      `${path} is mounted as a single file, without what SQLite keeps beside it. Mount its folder instead.`,
    );
  }
  refuseUnlessOurs(path, file);
}

function refuseUnlessOurs(path: string, database: Stats | undefined): void {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (file === undefined) return;
  if (!file.isFile()) throw new StartError(`${path} is not a regular file. Remove it.`);
  const us = process.geteuid?.();
  // Root may run a command over the server's database.
  const owners = us === 0 ? [0, database?.uid] : [us, 0];
  if (us !== undefined && us !== file.uid && !owners.includes(file.uid)) {
    throw new StartError(
      `${path} belongs to another user (${file.uid}). The database and what lies beside it must be this user's own.`,
    );
  }
}

/** Of Linux alone, whose containers mount single files. */
function isMountPoint(path: string): boolean {
  try {
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    return mounts.some((line) => unescaped(line.split(' ')[4] ?? '') === path);
  } catch {
    return false;
  }
}

/** As proc(5) has it: space, tab, newline and backslash are written in octal. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
