import type { EntityManager } from 'typeorm';
import type { WriteHealth } from './write-health.js';

export type SqlValue = string | number | null;

/** Prepared statements with `?` for values: what the hot paths use. */
export interface Sql {
  get<Row>(statement: string, values?: readonly SqlValue[]): Promise<Row | undefined>;
  all<Row>(statement: string, values?: readonly SqlValue[]): Promise<Row[]>;
  /** @returns how many rows changed. */
  run(statement: string, values?: readonly SqlValue[]): Promise<number>;
}

/** What a transaction's work may use. Nothing in it awaits anything but the database. */
export interface Transaction {
  readonly manager: EntityManager;
  readonly sql: Sql;
  /** Runs `effect` once the transaction is committed and before its caller goes on; never after a rollback. */
  afterCommit(effect: () => void): void;
  /**
   * Makes every other transaction that locks this account wait, on any server, until this one ends. It comes first in
   * whatever counts an account's rows or changes its tokens.
   */
  lockAccount(accountId: string): Promise<void>;
  /** The same for whatever counts accounts. */
  lockSignUps(): Promise<void>;
  /** The same for whatever makes a key that signs registry tokens. */
  lockSigningKeys(): Promise<void>;
}

export interface Database {
  readonly engine: 'sqlite' | 'mysql';
  /** Whether it had no tables before it was opened. */
  readonly isNew: boolean;
  /** Reads committed rows only. */
  readonly manager: EntityManager;
  readonly sql: Sql;
  readonly writes: WriteHealth;
  /**
   * All or nothing: no other transaction sees what `work` does before it is committed. On SQLite it is also alone; on
   * MySQL `work` begins anew where it met a conflict with another transaction, so it changes nothing but the database.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * A transaction for plain statements that write much; on SQLite, requests are answered while it waits for the disk.
   */
  bulk<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * Runs one statement for every row in one transaction, with no cost but the statement's own.
   * @param takeRows is called when the transaction begins, so that rows which came while it waited are in it. Their texts are
   * well-formed Unicode: SQLite's driver ends the process where it reads half of a surrogate pair.
   */
  insertBatch(statement: string, takeRows: () => readonly (readonly SqlValue[])[]): Promise<void>;
  /** Checkpoints SQLite's write-ahead log, now and then: a commit that had to would hold everybody up. */
  checkpoint(): Promise<void>;
  /** Why SQLite's file is no longer the one that was opened; undefined while it is. To ask now and then. */
  whyLost(): string | undefined;
  close(): Promise<void>;
}
