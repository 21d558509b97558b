import { chownSync, existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import Libsql from 'libsql';
import { StartError } from '../core/start-error.js';
import { makePrivate, makePrivateFile } from './sqlite-files.js';

type Connection = InstanceType<typeof Libsql>;

/**
 * Holds a database for this process. SQLite's own locks would let a second server in, whose cache would then miss what this one
 * revokes.
 *
 * There are two locks, both the operating system's, which end with the process, however that ends. One is on a file beside the
 * database's real path, that its owner alone can open: it keeps others away though the database is replaced. The other one
 * is on the database's own inode: every connection to it has SQLite's shared lock on it, whatever name led there, so that
 * nobody who comes by another name gets the exclusive one. That one is asked for where no server has been before: asked for at
 * each start, it would refuse one during a backup.
 */
export class SqliteLock {
  #lock: Connection;
  #lockFile: string;
  #database: string | undefined;
  #made = false;

  private constructor(private readonly path: string) {
    this.#lock = this.#take();
    this.#lockFile = identityOf(this.#lockPath) ?? '';
  }

  /**
   * @param path the database's real path; its file may be missing.
   * @throws StartError where another process holds it
   */
  static take(path: string): SqliteLock {
    return new SqliteLock(path);
  }

  /** Remembers which file the database is, once it is open. */
  watch(): void {
    this.#database = identityOf(this.path);
  }

  /**
   * Looks whether the files are still those that were opened. A lock file that was removed is made again.
   * @returns why this process no longer has the database; undefined where it has.
   */
  whyLost(): string | undefined {
    if (identityOf(this.path) !== this.#database) {
      return `${this.path} was removed or replaced while the server ran`;
    }
    if (identityOf(this.#lockPath) === this.#lockFile) return undefined;
    const before = this.#lock;
    try {
      if (!existsSync(this.#lockPath)) this.#makeLockFile();
      this.#lock = this.#hold();
    } catch {
      return `${this.#lockPath} was removed or replaced while the server ran, and another process holds it`;
    }
    before.close();
    this.#lockFile = identityOf(this.#lockPath) ?? '';
    return undefined;
  }

  release(): void {
    this.#lock.exec('ROLLBACK');
    this.#lock.close();
  }

  /** Releases what turned out to be no database of ours, and leaves nothing beside it. */
  abandon(): void {
    if (this.#made) rmSync(this.#lockPath);
    this.release();
  }

  get #lockPath(): string {
    return `${this.path}-lock`;
  }

  #take(): Connection {
    if (!existsSync(this.#lockPath)) {
      this.#makeLockFile();
      this.#made = true;
    }
    makePrivate(this.path);
    const lock = this.#hold();
    if (!this.#made || !existsSync(this.path)) return lock;
    try {
      refuseIfOpen(this.path);
      return lock;
    } catch (error) {
      // Who tries again would otherwise not be the first.
      rmSync(this.#lockPath);
      lock.close();
      throw error;
    }
  }

  #hold(): Connection {
    const lock = new Libsql(this.#lockPath);
    try {
      lock.exec('PRAGMA busy_timeout = 0');
      lock.exec('BEGIN EXCLUSIVE');
      return lock;
    } catch (error) {
      lock.close();
      if (!isBusy(error)) throw error;
      throw new StartError(
        `Another Latchkey server uses ${this.path}. Stop that one, or give this one a DATABASE_URL of its own.`,
      );
    }
  }

  #makeLockFile(): void {
    try {
      makePrivateFile(this.#lockPath);
    } catch (error) {
      // Somebody else who starts has just made it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return;
    }
    // What root leaves behind would lock the server out.
    const owner = statSync(this.path, { throwIfNoEntry: false });
    if (owner !== undefined && process.geteuid?.() === 0) {
      chownSync(this.#lockPath, owner.uid, owner.gid);
    }
  }
}

/** Asks for SQLite's exclusive lock, and lets go of it at once. */
function refuseIfOpen(path: string): void {
  const probe = new Libsql(path);
  try {
    // No prepared statements: the driver's outlive their connection, and so would the lock.
    probe.exec('PRAGMA busy_timeout = 0');
    probe.exec('PRAGMA locking_mode = EXCLUSIVE');
    probe.exec('SELECT name FROM sqlite_master');
  } catch (error) {
    if (!isBusy(error)) throw error;
    throw new StartError(
      `Another Latchkey server uses ${path}, or another program has it open, perhaps under another name. Stop that one, or give this one a DATABASE_URL of its own.`,
    );
  } finally {
    probe.close();
  }
}

/** The same for every name of one file. */
function identityOf(path: string): string | undefined {
  const file = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return file && `${file.dev}:${file.ino}`;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /locked|busy/i.test(error.message);
}
