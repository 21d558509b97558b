import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { originAt, parseOrigin } from './addresses.js';
import { schemeOf } from './client-address.js';

export interface OriginSettings {
  /** Origins besides this server's own, as `parseOrigin` writes them. */
  readonly origins: readonly string[];
  readonly publicUrl: string | undefined;
  readonly trustedProxies: BlockList;
}

/**
 * Whether a request comes from a page of this server or of one of `origins`, or from no page at all: a browser says where
 * its page came from, other programs say nothing. This server's own origin is that of its public URL, and the scheme, host
 * and port that the request came by.
 */
export function isOwnOrigin(request: IncomingMessage, settings: OriginSettings): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  const { origins, publicUrl, trustedProxies } = settings;
  const parsed = parseOrigin(origin);
  if (parsed === undefined) return false;
  if (origins.includes(parsed)) return true;
  if (publicUrl !== undefined && new URL(publicUrl).origin === parsed) return true;
  return originAt(schemeOf(request, trustedProxies), host) === parsed;
}
