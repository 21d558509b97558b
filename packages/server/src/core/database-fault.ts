/** What a log may hold of an error that the database answered a statement with. */
export interface DatabaseFault {
  readonly type: 'DatabaseFault';
  /** Such as `ER_DUP_ENTRY` or `SQLITE_CONSTRAINT_UNIQUE`; mysql2 has no name for some of MariaDB's. */
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
  /** SQLite's, which names columns and no values. */
  readonly message?: string;
  /** Such as `INSERT accounts`. */
  readonly statement?: string;
}

/** TypeORM's error, which wraps the driver's, mysql2's or libsql's. */
interface Thrown {
  readonly driverError?: Thrown;
  readonly code?: string;
  readonly message?: string;
  readonly errno?: number;
  readonly rawCode?: number;
  readonly sqlState?: string;
  readonly query?: string;
  readonly sql?: string;
}

const BY_SQLITE = /^SQLITE_/;
const VERB = /^\s*(\w+)/;
/** The first comes ahead of any value. */
const TABLE = /\b(?:INTO|FROM|UPDATE)\s+[`"]?(\w+)/i;

/**
 * `error` without its text, where it is the database's: MySQL writes values of rows into it (`Duplicate entry 'alice' for
 * key …`), and the driver puts the statement beside it, with its values.
 */
export function databaseFaultOf(error: Error): DatabaseFault | undefined {
  const thrown: Thrown = error as Error & Thrown;
  const { code, message, errno, rawCode = errno, sqlState, sql } = thrown.driverError ?? thrown;
  const bySqlite = BY_SQLITE.test(String(code));
  // Only what a server of MySQL's answers has a state.
  if (!bySqlite && sqlState === undefined) return undefined;
  const statement = nameOf(thrown.query ?? sql ?? '');
  return {
    type: 'DatabaseFault',
    ...(code !== undefined && { code }),
    ...(rawCode !== undefined && { errno: rawCode }),
    ...(sqlState !== undefined && { sqlState }),
    ...(bySqlite && message !== undefined && { message }),
    ...(statement !== '' && { statement }),
  };
}

function nameOf(statement: string): string {
  const [, verb = ''] = VERB.exec(statement) ?? [];
  const [, table = ''] = TABLE.exec(statement) ?? [];
  return `${verb} ${table}`.trim();
}
