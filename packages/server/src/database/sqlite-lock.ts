import Libsql from 'libsql';
import { StartError } from '../core/start-error.js';

/**
 * Holds the database at `path` for this process. SQLite's own locks would let a second server in, whose cache would then
 * miss what this one revokes. The lock is the operating system's, on a file of its own beside the database, and ends with
 * the process, however that ends.
 *
 * @returns what releases it.
 * @throws StartError where another process holds it
 */
export function lockDatabase(path: string): () => void {
  const lock = new Libsql(`${path}-lock`);
  try {
    lock.pragma('busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StartError(
      `Another Latchkey server uses ${path}. Stop that one, or give this one a DATABASE_URL of its own.`,
    );
  }
  return () => {
    lock.exec('ROLLBACK');
    lock.close();
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /locked|busy/i.test(error.message);
}
