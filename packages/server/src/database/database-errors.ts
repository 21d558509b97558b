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

/** The server is there and cannot serve: full, stopping, cut off from its cluster, or no longer the one that writes. */
const OUT_OF_SERVICE = new Set([1040, 1047, 1053, 1203, 1290, 1792, 1836, 1927, 1969, 3024, 3100]);

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

/** Whether there is a row already with what has to be unique. */
export function isDuplicate(error: unknown): boolean {
  return DUPLICATES.has(driverErrorOf(error).code);
}

/** Whether a commit that met `error` may have happened nevertheless. */
export function isUncertainCommit(error: unknown): boolean {
  return !isConflict(error) || driverErrorOf(error).errno === COMMIT_INTERRUPTED;
}

/** Whether the database was not there, or not able to answer. */
function isUnavailable(error: unknown): boolean {
  const { code = '', errno } = driverErrorOf(error);
  if (UNREACHABLE.has(code) || OUT_OF_SERVICE.has(errno ?? 0) || isConflict(error)) return true;
  return error instanceof Error && error.message.includes('closed state');
}

/** What a client is told while the database is away; undefined where `error` is something else. */
export function asUnavailable(error: unknown): LatchkeyError | undefined {
  if (!isUnavailable(error)) return undefined;
  return new LatchkeyError(
    ErrorCode.UNAVAILABLE,
    'The database does not answer now, so nothing was done. Try again in a moment.',
    { retryAfterSeconds: 1, cause: error },
  );
}

/** TypeORM wraps what the driver throws. */
function driverErrorOf(error: unknown): DriverError {
  const { driverError } = (error ?? {}) as { driverError?: DriverError };
  return driverError ?? ((error ?? {}) as DriverError);
}
