import Libsql from 'libsql/promise';
import type { Sql, SqlValue } from './database.js';
import { repeatRow } from './rows.js';
import { type SqliteConnection, transact, untilUnlocked } from './sqlite-transaction.js';

type Values = readonly SqlValue[];
interface Statement {
  get(values: Values): unknown;
  all(values: Values): Promise<unknown[]>;
  run(values: Values): { readonly changes: number };
}

/**
 * A connection for what is written in bulk. Its commits wait for the disk in a thread of the driver's, so that this one
 * goes on answering meanwhile. One caller at a time writes to the database.
 */
export class SqliteBulk implements Sql, SqliteConnection {
  readonly #statements = new Map<string, Statement>();

  private constructor(private readonly connection: Libsql & SqliteConnection) {}

  /** @param pragmas such as `synchronous = FULL`. */
  static async open(path: string, pragmas: readonly string[]): Promise<SqliteBulk> {
    // Its declaration leaves `inTransaction` out.
    const connection = new Libsql(path, {}) as Libsql & SqliteConnection;
    for (const pragma of pragmas) await connection.exec(`PRAGMA ${pragma}`);
    return new SqliteBulk(connection);
  }

  /** Runs `work` in a transaction. */
  transaction<T>(work: () => Promise<T>, askedAt: number): Promise<T> {
    return transact(this.connection, work, askedAt);
  }

  /** Runs `statement`, which inserts one row, for every row: one statement, a transaction by itself, in the driver's thread. */
  async insert(statement: string, rows: readonly Values[], askedAt: number): Promise<void> {
    const prepared = await this.#prepare(repeatRow(statement, rows.length));
    await untilUnlocked(() => prepared.all(rows.flat()), askedAt);
  }

  async get<Row>(text: string, values: Values = []): Promise<Row | undefined> {
    return (await this.#prepare(text)).get(values) as Row | undefined;
  }

  async all<Row>(text: string, values: Values = []): Promise<Row[]> {
    return (await (await this.#prepare(text)).all(values)) as Row[];
  }

  async run(text: string, values: Values = []): Promise<number> {
    return (await this.#prepare(text)).run(values).changes;
  }

  /** Folds the write-ahead log into the database, as far as nobody reads it, in the driver's thread. */
  async checkpoint(): Promise<void> {
    await this.connection.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  get inTransaction(): boolean {
    return this.connection.inTransaction;
  }

  exec(statement: string): Promise<void> {
    return this.connection.exec(statement);
  }

  close(): void {
    this.connection.close();
  }

  async #prepare(text: string): Promise<Statement> {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = (await this.connection.prepare(text)) as Statement;
      this.#statements.set(text, statement);
    }
    return statement;
  }
}
