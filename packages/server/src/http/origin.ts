import type { IncomingMessage } from 'node:http';

/**
 * Whether a request comes from a page of this server or of one of `origins`, or from no page at all: a browser says where
 * its page came from, other programs say nothing.
 */
export function isOwnOrigin({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
