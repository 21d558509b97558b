import { type Logger, pino, stdSerializers } from 'pino';
import type { Config } from './config.js';

export type Log = Logger;

/** Anything shaped like one of our secrets; it is replaced wherever it would enter a log line. */
const SECRET_SHAPE = /lk[aoprs]_[0-9A-Za-z]{8,}/g;

/**
 * JSON lines on standard output. Callers never log a secret on purpose; the last gate takes out what looks like one, so
 * that an unexpected error's text cannot carry it either.
 */
export function createLog(config: Pick<Config, 'logLevel'>): Log {
  return pino({
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: withoutValues },
    formatters: { level: (label) => ({ level: label }) },
    hooks: { streamWrite: (line) => line.replace(SECRET_SHAPE, '[secret]') },
  });
}

/** What of an error a line holds: TypeORM's and the drivers' carry the statement and its values, digests and keys among them. */
function withoutValues(error: unknown): object | string {
  if (!(error instanceof Error)) return String(error);
  const { type, message, stack, code } = stdSerializers.err(error);
  return { type, message, stack, ...(code !== undefined && { code }) };
}
