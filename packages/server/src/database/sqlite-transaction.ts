import { setTimeout } from 'node:timers/promises';
import { isLocked } from './database-errors.js';

/** How long a write waits for another process, such as an operator's shell, from when it was asked for. */
const LOCK_WAIT_LIMIT_MS = 5000;
const LOCK_PAUSE_MS = 20;

/** A connection of libsql's, by whichever of its two interfaces. */
export interface SqliteConnection {
  /** Whether SQLite itself says that a transaction is open. */
  readonly inTransaction: boolean;
  exec(statement: string): unknown;
}

/**
 * Runs `work` in a transaction, which has ended once this resolves. Where a transaction stands is asked of the connection
 * and never remembered beside it: SQLite rolls back by itself where the disk is full or fails, at a COMMIT as at any
 * statement. What is written next in the belief that a transaction is open still would be in one that nobody commits.
 *
 * @param askedAt when it was asked for, by `performance.now()`.
 * @returns what `work` did, once that is on disk.
 * @throws whatever kept `work` or its commit from succeeding; then none of it is in the database.
 */
export async function transact<T>(
  connection: SqliteConnection,
  work: () => Promise<T>,
  askedAt: number,
): Promise<T> {
  await untilUnlocked(() => connection.exec('BEGIN IMMEDIATE'), askedAt);
  try {
    const result = await work();
    requireTransaction(connection);
    await connection.exec('COMMIT');
    return result;
  } catch (error) {
    // One that cannot be ended now is ended before anything else is written.
    await endTransaction(connection).catch(() => undefined);
    throw error;
  }
}

/**
 * Runs `statement` again while another process writes. SQLite's own wait would keep this thread from answering anybody, and
 * each of those who wait in line would begin its wait anew.
 */
export async function untilUnlocked<T>(
  statement: () => T | Promise<T>,
  askedAt: number,
): Promise<T> {
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      const isLate = performance.now() - askedAt > LOCK_WAIT_LIMIT_MS;
      if (isLate || !isLocked(error)) throw error;
      await setTimeout(LOCK_PAUSE_MS);
    }
  }
}

/** Rolls back what is open. @throws where that fails; then nothing may be written on this connection */
export async function endTransaction(connection: SqliteConnection): Promise<void> {
  if (connection.inTransaction) await connection.exec('ROLLBACK');
}

/** @throws where SQLite has rolled back what its work believes to be open */
export function requireTransaction({ inTransaction }: SqliteConnection): void {
  if (!inTransaction) {
    throw new Error('SQLite rolled a transaction back, and its work went on nevertheless.');
  }
}
