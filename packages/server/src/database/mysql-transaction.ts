import type { PoolConnection, ResultSetHeader } from 'mysql2';
import { isUncertainCommit, UncertainCommit } from './database-errors.js';
import type { Executor } from './mysql-sql.js';

export type PooledConnection = Executor & Pick<PoolConnection, 'query' | 'destroy'>;

/** SERVER_STATUS_IN_TRANS of the protocol: with every answer the server says whether a transaction is open. */
const IN_TRANSACTION = 1;

/**
 * Runs `work` in a transaction. A connection on which it is not sure to have ended is closed, and goes back to no pool: who
 * got it next would write into a transaction that nobody commits. Its server undoes what was open.
 *
 * @returns what `work` did, once that is committed.
 * @throws UncertainCommit where the commit may have happened or not; anything else means that nothing of it did
 */
export async function transact<T>(
  connection: PooledConnection,
  work: () => Promise<T>,
): Promise<T> {
  await ask(connection, 'START TRANSACTION');
  let committing = false;
  try {
    const result = await work();
    committing = true;
    await end(connection, 'COMMIT');
    return result;
  } catch (error) {
    if (committing && isUncertainCommit(error)) {
      connection.destroy();
      throw new UncertainCommit('It is not known whether a commit happened', { cause: error });
    }
    await end(connection, 'ROLLBACK').catch(() => connection.destroy());
    throw error;
  }
}

async function end(connection: PooledConnection, statement: 'COMMIT' | 'ROLLBACK'): Promise<void> {
  const { serverStatus } = await ask(connection, statement);
  if ((serverStatus & IN_TRANSACTION) !== 0) {
    throw new Error(`A transaction is open after ${statement}`);
  }
}

function ask(connection: PooledConnection, statement: string): Promise<ResultSetHeader> {
  return new Promise((resolve, reject) => {
    connection.query<ResultSetHeader>(statement, (error, result) =>
      error ? reject(error) : resolve(result),
    );
  });
}
