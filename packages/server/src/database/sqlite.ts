import { existsSync } from 'node:fs';
import Libsql from 'libsql';
import pLimit from 'p-limit';
import { DataSource, type QueryRunner } from 'typeorm';
import { databaseUnusable, noDatabase, StartError } from '../core/start-error.js';
import type { Database, Sql, SqlValue, Transaction } from './database.js';
import { entities } from './entities/entities.js';
import { migrations } from './migrations/migrations.js';
import { SqliteBulk } from './sqlite-bulk.js';
import { makeFolderOf, makePrivate, makePrivateFile, realDatabasePath } from './sqlite-files.js';
import { SqliteLock } from './sqlite-lock.js';
import { endTransaction, requireTransaction, transact } from './sqlite-transaction.js';
import { WriteHealth } from './write-health.js';

type Connection = InstanceType<typeof Libsql>;
type Statement = ReturnType<Connection['prepare']>;

/** Pages of the write-ahead log (256 MiB) after which a commit folds it; `fold` is to keep it far below that. */
const WAL_PAGES = 64_000;
const PATIENT = 'busy_timeout = 5000';
/** A connection that writes waits by `untilUnlocked`. */
const IMPATIENT = 'busy_timeout = 0';
/** 16 MiB: the inner pages of every index of a million tokens, so that a look-up reads one page of the file. */
const CACHE = 'cache_size = -16384';
/** What a connection needs for its commits to be on disk. */
const DURABLE = [PATIENT, 'synchronous = FULL', `wal_autocheckpoint = ${WAL_PAGES}`];

/** Some pages more than most writes take. It replaces what it wrote before, so that it stays one row. */
const TRY_OUT = `INSERT OR REPLACE INTO leases (name, holder, expiresAt)
  VALUES ('trial of writing', hex(zeroblob(8192)), 0)`;

/**
 * SQLite in this process, on four connections to one file in WAL mode. Reads on a connection that writes would see rows
 * that are not committed yet. So one connection writes, a second one writes in bulk, one transaction at a time among the
 * two; the third only reads, and the fourth folds the log. TypeORM's own transactions are not used: it counts how deep it
 * is in them, and the count stays wrong once a COMMIT has failed.
 *
 * @param file the database's path; it and its folder are made where missing, readable by their owner alone.
 * @param mustExist refuses to make a database.
 * @throws StartError where another server uses it, or it cannot be opened
 */
export async function openSqlite(file: string, mustExist = false): Promise<Database> {
  const { path, writer, lock, isNew } = await openAlone(file, mustExist).catch((error: unknown) => {
    throw error instanceof StartError ? error : databaseUnusable(file, error);
  });
  await writer.runMigrations({ transaction: 'each' });
  const reader = await connect(path, [PATIENT, CACHE, 'query_only = ON']);

  const connection = rawConnection(writer);
  connection.pragma(IMPATIENT);
  const { manager } = guarded(writer.createQueryRunner(), connection);
  const writerSql = new WriterSql(connection);
  const bulk = await SqliteBulk.open(path, [...DURABLE, IMPATIENT]);
  const checkpointing = await SqliteBulk.open(path, [PATIENT]);
  const limit = pLimit(1);
  const oneAtATime = <T>(work: (askedAt: number) => T | Promise<T>) => {
    const askedAt = performance.now();
    return limit(async () => {
      // One that could not be rolled back would keep the other connection from writing.
      for (const each of [connection, bulk]) await endTransaction(each);
      return work(askedAt);
    });
  };
  const checkpoint = async () => {
    // Most of it while others write; then, alone, what they wrote meanwhile, so that the log begins anew.
    await checkpointing.checkpoint();
    await oneAtATime(() => checkpointing.checkpoint());
  };
  const writes = new WriteHealth(path, async () => {
    await oneAtATime((askedAt) => bulk.transaction(() => bulk.run(TRY_OUT), askedAt));
    await checkpoint();
  });

  return {
    engine: 'sqlite',
    isNew,
    manager: reader.manager,
    sql: new SqliteSql(rawConnection(reader)),
    writes,

    async transaction(work) {
      const effects: (() => void)[] = [];
      const transaction: Transaction = {
        manager,
        sql: writerSql,
        afterCommit: (effect) => effects.push(effect),
        // The one writer is the lock.
        lockAccount: () => Promise.resolve(),
        lockSignUps: () => Promise.resolve(),
        lockSigningKeys: () => Promise.resolve(),
      };
      const result = await writes.watch(() =>
        oneAtATime((askedAt) => transact(connection, () => work(transaction), askedAt)),
      );
      for (const effect of effects) effect();
      return result;
    },

    bulk: (work) =>
      writes.watch(() => oneAtATime((askedAt) => bulk.transaction(() => work(bulk), askedAt))),

    insertBatch: (statement, takeRows) =>
      writes.watch(() => oneAtATime((askedAt) => bulk.insert(statement, takeRows(), askedAt))),

    checkpoint: () => writes.watch(checkpoint),

    whyLost: () => lock.whyLost(),

    async close() {
      await oneAtATime(async () => {
        checkpointing.close();
        bulk.close();
        await reader.destroy();
        // The driver's statements outlive the connection, which keeps SQLite from folding the log by itself.
        try {
          connection.pragma(PATIENT);
          connection.pragma('wal_checkpoint(TRUNCATE)');
        } catch {
          // What a full disk leaves in the log is read from there at the next start.
        }
        await writer.destroy();
        lock.release();
      });
    },
  };
}

async function openAlone(file: string, mustExist: boolean) {
  if (!existsSync(file)) {
    if (mustExist) throw noDatabase(file);
    makeFolderOf(file);
  }
  const path = realDatabasePath(file);
  const lock = SqliteLock.take(path);
  try {
    if (!existsSync(path)) makePrivateFile(path);
    let isNew = false;
    const writer = await connect(
      path,
      [...DURABLE, CACHE, 'journal_mode = WAL', 'foreign_keys = ON'],
      (connection) => {
        isNew = isEmpty(connection, path);
        if (isNew && mustExist) throw noDatabase(path);
      },
    );
    makePrivate(path);
    lock.watch();
    return { path, writer, lock, isNew };
  } catch (error) {
    lock.abandon();
    throw error;
  }
}

/** Another program's database is left as it is. */
function isEmpty(connection: Connection, path: string): boolean {
  const tables = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all([]);
  const names = (tables as { name: string }[]).map(({ name }) => name);
  if (names.length > 0 && !names.includes('migrations')) {
    throw new StartError(`${path} is the database of another program.`);
  }
  return names.length === 0;
}

function connect(
  path: string,
  pragmas: readonly string[],
  look: (connection: Connection) => void = () => undefined,
): Promise<DataSource> {
  return new DataSource({
    type: 'better-sqlite3',
    driver: Libsql,
    database: path,
    entities,
    migrations,
    prepareDatabase: (connection: Connection) => {
      look(connection);
      for (const pragma of pragmas) connection.pragma(pragma);
    },
  }).initialize();
}

function rawConnection(source: DataSource): Connection {
  return (source.driver as unknown as { databaseConnection: Connection }).databaseConnection;
}

/** Statements run at once, in this thread; each text is compiled the first time it is met. */
class SqliteSql implements Sql {
  readonly #statements = new Map<string, Statement>();

  constructor(protected readonly connection: Connection) {}

  prepare(text: string): Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.connection.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  async get<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row | undefined> {
    return this.prepare(text).get(values) as Row | undefined;
  }

  async all<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.prepare(text).all(values) as Row[];
  }

  async run(text: string, values: readonly SqlValue[] = []): Promise<number> {
    return this.prepare(text).run(values).changes;
  }
}

/** Work that goes on after SQLite has rolled its transaction back would otherwise commit each statement by itself. */
class WriterSql extends SqliteSql {
  override prepare(text: string): Statement {
    requireTransaction(this.connection);
    return super.prepare(text);
  }
}

/** The same for what TypeORM runs. */
function guarded(runner: QueryRunner, connection: Connection): QueryRunner {
  const query = runner.query.bind(runner) as (...values: unknown[]) => Promise<unknown>;
  return Object.assign(runner, {
    query(...values: unknown[]) {
      requireTransaction(connection);
      return query(...values);
    },
  });
}
