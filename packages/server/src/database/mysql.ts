import { setTimeout } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { Database, Transaction } from './database.js';
import { isConflict } from './database-errors.js';
import { migrateMysql, type ServerKind } from './mysql-migrate.js';
import { dataSourceOptions, type MysqlOptions } from './mysql-options.js';
import { boundedDriver } from './mysql-pool.js';
import { type Executor, MysqlSql } from './mysql-sql.js';
import { type PooledConnection, transact } from './mysql-transaction.js';
import { insertRows, ROWS_A_STATEMENT } from './rows.js';
import { WriteHealth } from './write-health.js';

/** Every statement has this long; so has the wait for a connection. */
const STATEMENT_LIMIT_MS = 5000;
/** Below the statement's, so that a wait for another transaction ends as a conflict, which is tried again. */
const LOCK_WAIT_LIMIT_SECONDS = 3;
/** A server that is paused amid a transaction holds its locks no longer than that; MySQL has no such limit. */
const IDLE_IN_TRANSACTION_LIMIT_SECONDS = 3;
/** A transaction that meets conflicts is begun anew for this long: below what a client waits for its answer. */
const CONFLICTS_LIMIT_MS = 15_000;
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 128;

const TRY_OUT = `INSERT INTO leases (name, holder, expiresAt) VALUES ('trial of writing', '', 1)
  ON DUPLICATE KEY UPDATE expiresAt = expiresAt + 1`;

type Work<T> = (transaction: Transaction) => Promise<T>;

/**
 * MySQL or MariaDB, shared with any number of other servers. Each transaction has a connection of its own, at READ
 * COMMITTED: whatever counts before it writes takes the account's lock first, and then sees all that was committed.
 */
export async function openMysql(options: MysqlOptions, mustExist: boolean): Promise<Database> {
  const kind = await migrateMysql(options, mustExist);
  const driver = boundedDriver(sessionSetup(kind), STATEMENT_LIMIT_MS);
  const source = await new DataSource({ ...dataSourceOptions(options, kind), driver }).initialize();
  const { pool } = source.driver as unknown as { pool: Executor };
  const sql = new MysqlSql(pool);
  const writes = new WriteHealth(options.address.location, async () => {
    await sql.run(TRY_OUT);
  });
  const transaction = <T>(work: Work<T>) =>
    untilNoConflict(async () => {
      const effects: (() => void)[] = [];
      const result = await runOnce(source, work, effects);
      for (const effect of effects) effect();
      return result;
    });

  const database: Database = {
    engine: 'mysql',
    isNew: kind.isNew,
    manager: source.manager,
    sql,
    writes,
    checkpoint: () => Promise.resolve(),
    whyLost: () => undefined,

    transaction: (work) => writes.watch(() => transaction(work)),

    bulk: (work) => database.transaction(({ sql }) => work(sql)),

    async insertBatch(statement, takeRows) {
      const rows = takeRows(); // once and first: what fails or begins anew does so with these rows
      if (rows.length > ROWS_A_STATEMENT) {
        return database.transaction(({ sql }) => insertRows(sql, statement, rows));
      }
      // One statement is a transaction by itself, and one round trip instead of three.
      return writes.watch(() => untilNoConflict(() => insertRows(sql, statement, rows)));
    },

    close: () => source.destroy(),
  };
  return database;
}

/** What each connection is told first. Times are ours, in UTC; the session's zone only matters to `NOW()`. */
function sessionSetup({ type, galera }: ServerKind): string[] {
  const limit =
    type === 'mariadb'
      ? `max_statement_time = ${STATEMENT_LIMIT_MS / 1000},
          idle_transaction_timeout = ${IDLE_IN_TRANSACTION_LIMIT_SECONDS}`
      : `max_execution_time = ${STATEMENT_LIMIT_MS}`;
  return [
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    `SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION',
      innodb_lock_wait_timeout = ${LOCK_WAIT_LIMIT_SECONDS}, ${limit}`,
    // A Galera node otherwise answers from before what another node has committed, and that would be cached.
    ...(galera ? ['SET SESSION wsrep_sync_wait = 1'] : []),
  ];
}

async function untilNoConflict<T>(run: () => Promise<T>): Promise<T> {
  const begunAt = performance.now();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await run();
    } catch (error) {
      const late = performance.now() - begunAt > CONFLICTS_LIMIT_MS;
      if (late || !isConflict(error)) throw error;
      await setTimeout(Math.random() * pauseMs);
    }
  }
}

async function runOnce<T>(source: DataSource, work: Work<T>, effects: (() => void)[]): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    const connection = (await runner.connect()) as PooledConnection;
    const sql = new MysqlSql(connection);
    const transaction: Transaction = {
      manager: runner.manager,
      sql,
      afterCommit: (effect) => effects.push(effect),
      lockAccount: (accountId) => lock(sql, accountId),
      lockSignUps: () => lock(sql, 'sign-ups'),
      lockSigningKeys: () => lock(sql, 'signing-keys'),
    };
    return await transact(connection, () => work(transaction));
  } finally {
    await runner.release();
  }
}

/**
 * Holds the lock of this name until the transaction ends. It is a write, and no SELECT … FOR UPDATE, because Galera and
 * a multi-primary group know nothing of another node's row locks: there the second commit of the two is refused, and
 * tried again.
 */
async function lock(sql: MysqlSql, name: string): Promise<void> {
  await sql.run(
    'INSERT INTO locks (name, holds) VALUES (?, 1) ON DUPLICATE KEY UPDATE holds = holds + 1',
    [name],
  );
}
