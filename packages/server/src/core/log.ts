import { SECRET_PREFIX } from '@latchkey/shared';
import { type Logger, pino } from 'pino';
import { databaseFaultOf } from './database-fault.js';

export type Log = Logger;
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** Anything shaped like one of our secrets; it is replaced wherever it would enter a log line. */
const SECRET_SHAPE = new RegExp(
  `(?:${Object.values(SECRET_PREFIX).join('|')})[0-9A-Za-z]{8,}`,
  'g',
);

/**
 * JSON lines on standard output. Callers never log a secret on purpose; the last gate takes out what looks like one, so
 * that an unexpected error's text cannot carry it either.
 */
export function createLog({ logLevel }: { readonly logLevel: LogLevel }): Log {
  return pino({
    level: logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => withoutValues(error) },
    formatters: { level: (label) => ({ level: label }) },
    hooks: { streamWrite: (line) => line.replace(SECRET_SHAPE, '[secret]') },
  });
}

/** A chain of causes that goes on, or round, ends here. */
const CAUSES_SHOWN = 5;

/** What of an error a line holds: TypeORM's and the drivers' carry the statement and its values, digests and keys among them. */
function withoutValues(error: unknown, causes = CAUSES_SHOWN): object | string {
  if (!(error instanceof Error)) return String(error);
  const fault = databaseFaultOf(error);
  if (fault !== undefined) return fault;
  const { cause, message, name, stack } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: name,
    message,
    stack,
    ...(code !== undefined && { code }),
    ...(cause !== undefined && causes > 0 && { cause: withoutValues(cause, causes - 1) }),
  };
}
