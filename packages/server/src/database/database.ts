import type { EntityManager } from 'typeorm';

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
}

export interface Database {
  readonly engine: 'sqlite';
  /** Reads committed rows only. */
  readonly manager: EntityManager;
  readonly sql: Sql;
  /** All or nothing, and alone: no other transaction sees or disturbs what `work` does before it is committed. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * Runs one statement for every row in one transaction, with no cost but the statement's own.
   * @param takeRows is called when the transaction begins, so that rows which came while it waited are in it.
   */
  insertBatch(statement: string, takeRows: () => readonly (readonly SqlValue[])[]): Promise<void>;
  close(): Promise<void>;
}
