import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { LineLimit } from '../core/line-limit.js';
import type { Log } from '../core/log.js';
import { asUnavailable } from '../database/database-errors.js';
import { tokensProblem, tooComplex } from './limits/operation-limits.js';

export type FormatError = (
  formatted: GraphQLFormattedError,
  error: unknown,
) => GraphQLFormattedError;

/** What GraphQL itself, or Apollo, says of a request that never reached a resolver. */
const REQUEST_CODES: Readonly<Record<string, ErrorCode>> = {
  BAD_REQUEST: ErrorCode.VALIDATION_FAILED,
  BAD_USER_INPUT: ErrorCode.VALIDATION_FAILED,
  GRAPHQL_PARSE_FAILED: ErrorCode.VALIDATION_FAILED,
  GRAPHQL_VALIDATION_FAILED: ErrorCode.VALIDATION_FAILED,
  OPERATION_RESOLUTION_FAILURE: ErrorCode.VALIDATION_FAILED,
  PERSISTED_QUERY_NOT_FOUND: ErrorCode.VALIDATION_FAILED,
  PERSISTED_QUERY_NOT_SUPPORTED: ErrorCode.VALIDATION_FAILED,
  LIMIT_REACHED: ErrorCode.LIMIT_REACHED,
};

/** The one place where an error becomes what a client sees; unexpected ones are logged under an id and masked. */
export function errorFormatter(log: Log): FormatError {
  const outages = new LineLimit();
  return (formatted, error) => {
    const original = originalOf(error);
    const unavailable = asUnavailable(original);
    if (unavailable && !outages.take()) return { ...formatted, ...publicPart(unavailable) };
    const cause = unavailable ?? original;
    if (cause instanceof LatchkeyError) return { ...formatted, ...publicPart(cause, log) };
    const code = requestCode(formatted, cause);
    const tooLong = code === undefined ? undefined : tooLongProblem(cause);
    if (tooLong !== undefined) return { ...formatted, ...publicPart(tooComplex(tooLong), log) };
    if (code !== undefined) return { ...formatted, extensions: { code } };
    return { ...formatted, ...masked(cause, log) };
  };
}

/** What fails on a socket outside any field has no path, by which `unwrapResolverError` knows what to unwrap. */
function originalOf(error: unknown): unknown {
  const cause = unwrapResolverError(error);
  if (!(cause instanceof GraphQLError)) return cause;
  const { originalError } = cause;
  return originalError instanceof LatchkeyError || !isByGraphql(cause) ? originalError : cause;
}

/** A document that could not be parsed has no nodes yet. */
function tooLongProblem(cause: unknown): string | undefined {
  if (!(cause instanceof GraphQLError) || cause.nodes !== undefined) return undefined;
  return cause.source && tokensProblem(cause.source);
}

/** Whether graphql-js itself found fault with the request: a scalar's own error is then the original of that. */
function isByGraphql({ originalError, nodes }: GraphQLError): boolean {
  return originalError === undefined || nodes !== undefined;
}

function requestCode(formatted: GraphQLFormattedError, cause: unknown): ErrorCode | undefined {
  if (!(cause instanceof GraphQLError)) return undefined;
  const code = formatted.extensions?.['code'];
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') return REQUEST_CODES[code];
  // Validation and coercion by graphql-js itself bear no code over a socket; what fails in a field has its path.
  const byGraphql = code === undefined && cause.path === undefined && isByGraphql(cause);
  return byGraphql ? ErrorCode.VALIDATION_FAILED : undefined;
}

function publicPart(error: LatchkeyError, log?: Log) {
  if (error.cause !== undefined) log?.error({ err: error.cause, code: error.code }, error.message);
  return {
    message: error.message,
    extensions: {
      code: error.code,
      ...(error.fields && { fields: error.fields }),
      ...(error.retryAfterSeconds && { retryAfterSeconds: error.retryAfterSeconds }),
    },
  };
}

function masked(cause: unknown, log: Log) {
  const errorId = randomUUID();
  log.error({ err: cause, errorId }, 'Unexpected error');
  return {
    message: `Something failed on the server. Its log has the details under ${errorId}.`,
    extensions: { code: ErrorCode.INTERNAL, errorId },
  };
}
