import { ErrorCode, LatchkeyError } from '@latchkey/shared';

/** The database kept its silence for longer than a statement may take. */
export class DatabaseTimeout extends Error {
  override readonly name = 'DatabaseTimeout';
  readonly code = 'DATABASE_TIMEOUT';
}

interface DriverError {
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
}

/** Conflicts between transactions, after which the server has undone one: it is begun anew. */
const CONFLICTS = new Set([
  1020, // ER_CHECKREAD: MariaDB's snapshot isolation
  1180, // ER_ERROR_DURING_COMMIT: Galera
  1205, // ER_LOCK_WAIT_TIMEOUT
  1213, // ER_LOCK_DEADLOCK; also a write that Galera did not certify
  3101, // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: a group with several primaries
]);
/** SQLite's, and MySQL's ER_DUP_ENTRY. */
const DUPLICATES = new Set<string | undefined>(['SQLITE_CONSTRAINT_UNIQUE', 'ER_DUP_ENTRY']);
const SERIALIZATION_FAILURE = '40001';
/** A Galera node that lost its cluster amid a commit says this, whether or not the others have committed. */
const COMMIT_INTERRUPTED = 1180;

/** MySQL's for a disk that is full, or a table that finds no more room; the first is the system's own. */
const NO_SPACE = new Set([28, 1021, 1114]);
/** MySQL's for a server that takes no writes. */
const READ_ONLY = new Set([1290, 1792, 1836]);
/** MySQL's for a file that cannot be written, read or synchronized. */
const DISK_FAILS = new Set([3, 4, 1024, 1026, 1030]);

/** The server is there and cannot serve: too many ask, it stops, or it is cut off from its cluster. */
const OUT_OF_SERVICE = new Set([1040, 1047, 1053, 1203, 1317, 1927, 1969, 3024, 3100]);

const noSpace = (database: string) => `No space left for ${database}`;
const readOnly = (database: string) => `Read-only: ${database}`;
const diskFails = (database: string) =>
  `The disk fails, or a quota or limit is reached: cannot write ${database}`;

/** SQLite's codes, or how they begin, and what is wrong then. */
const SQLITE_FAILURES: readonly (readonly [string, (database: string) => string])[] = [
  ['SQLITE_FULL', noSpace],
  ['SQLITE_IOERR', diskFails],
  ['SQLITE_READONLY', readOnly],
  ['SQLITE_CANTOPEN', (database) => `Cannot open a file of ${database}`],
  ['SQLITE_BUSY', (database) => `Another program locks ${database}`],
  ['SQLITE_NOMEM', (database) => `No memory left for ${database}`],
];

/** mysql2 and the system's names for a server that is not there. */
const UNREACHABLE = new Set([
  'DATABASE_TIMEOUT',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
]);

/** Whether the transaction that met `error` was undone because of another one, and may be tried again. */
export function isConflict(error: unknown): boolean {
  const { errno, sqlState } = driverErrorOf(error);
  return CONFLICTS.has(errno ?? 0) || sqlState === SERIALIZATION_FAILURE;
}

/** Whether another process writes to the same SQLite database. */
export function isLocked(error: unknown): boolean {
  return driverErrorOf(error).code?.startsWith('SQLITE_BUSY') ?? false;
}

/** Whether there is a row already with what has to be unique. */
export function isDuplicate(error: unknown): boolean {
  return DUPLICATES.has(driverErrorOf(error).code);
}

/** Whether a commit that met `error` may have happened nevertheless. */
export function isUncertainCommit(error: unknown): boolean {
  return !isConflict(error) || driverErrorOf(error).errno === COMMIT_INTERRUPTED;
}

/** A commit of which it is not known whether it happened. */
export class UncertainCommit extends Error {
  override readonly name = 'UncertainCommit';
}

/**
 * Why the database at `location` takes no writes, as a sentence.
 * @returns undefined where `error` is not the database's fault, or passes with the next attempt
 */
export function writeFailure(error: unknown, location: string): string | undefined {
  const { code = '', errno = 0 } = driverErrorOf(error);
  const describe = sqliteFailure(code) ?? mysqlFailure(errno);
  const database = `the database at ${location}`;
  if (describe !== undefined) return `${describe(database)} (${code || errno}).`;
  if (isConflict(error) || !isUnavailable(error)) return undefined;
  return `No answer from ${database}.`;
}

function sqliteFailure(code: string) {
  return SQLITE_FAILURES.find(([start]) => code.startsWith(start))?.[1];
}

function mysqlFailure(errno: number) {
  if (NO_SPACE.has(errno)) return noSpace;
  if (READ_ONLY.has(errno)) return readOnly;
  if (DISK_FAILS.has(errno)) return diskFails;
  return undefined;
}

/** Whether the database was not there, or not able to answer or to write. */
function isUnavailable(error: unknown): boolean {
  const { code = '', errno = 0 } = driverErrorOf(error);
  if (UNREACHABLE.has(code) || OUT_OF_SERVICE.has(errno) || isConflict(error)) return true;
  if (sqliteFailure(code) !== undefined || mysqlFailure(errno) !== undefined) return true;
  return error instanceof Error && error.message.includes('closed state');
}

/** Whether the database was away or took no writes, so that nothing of what was asked was done. */
export function isUndone(error: unknown): boolean {
  return !(error instanceof UncertainCommit) && isUnavailable(error);
}

/** What a client is told while the database is away or takes no writes; undefined where `error` is something else. */
export function asUnavailable(error: unknown): LatchkeyError | undefined {
  const isUncertain = error instanceof UncertainCommit;
  if (!isUncertain && !isUnavailable(error)) return undefined;
  return new LatchkeyError(
    ErrorCode.UNAVAILABLE,
    isUncertain
      ? 'The database did not say whether this was done. Look before you try again.'
      : 'The database does not answer or takes no writes now, so nothing was done. Try again in a moment.',
    { retryAfterSeconds: 1, cause: error },
  );
}

/** TypeORM wraps what the driver throws. */
function driverErrorOf(error: unknown): DriverError {
  if (error instanceof UncertainCommit) return driverErrorOf(error.cause);
  const { driverError } = (error ?? {}) as { driverError?: DriverError };
  return driverError ?? ((error ?? {}) as DriverError);
}
