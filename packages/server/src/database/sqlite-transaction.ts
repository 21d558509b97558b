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
 * @returns what `work` did, once that is on disk.
 * @throws whatever kept `work` or its commit from succeeding; then none of it is in the database.
 */
export async function transact<T>(
  connection: SqliteConnection,
  work: () => Promise<T>,
): Promise<T> {
  await connection.exec('BEGIN IMMEDIATE');
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
