import { createServer, type Server, type ServerResponse } from 'node:http';
import type { BlockList } from 'node:net';
import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { LineLimit } from '../core/line-limit.js';
import type { Log } from '../core/log.js';
import { asUnavailable } from '../database/database-errors.js';
import { RequestAborted } from './body.js';
import { Exchange, type Handler, sendJson } from './exchange.js';
import { sendNotFound } from './not-found.js';

/**
 * Which handler answers which path. A path that ends in `/` answers all below it, and the longest wins; `/` answers itself
 * alone, since a proxy that asks at a mistyped address must never be answered 200.
 */
export type Routes = Readonly<Record<string, Handler>>;

const PATH_LOGGED = 200;

/**
 * A bare `node:http` server over a table of paths: the forward-auth endpoint is asked before every request that a proxy lets
 * through, and a framework's router would cost more than its decision.
 */
export function createListener(routes: Routes, trustedProxies: BlockList, log: Log): Server {
  const exact = new Map(Object.entries(routes));
  const prefixes = [...exact.keys()]
    .filter((path) => path.endsWith('/') && path !== '/')
    .sort((one, other) => other.length - one.length);
  const find = (path: string) =>
    exact.get(path) ?? exact.get(prefixes.find((prefix) => path.startsWith(prefix)) ?? '');

  const outages = new LineLimit();
  return createServer({ keepAliveTimeout: 65_000, requestTimeout: 60_000 }, (request, response) => {
    const exchange = new Exchange(request, response, trustedProxies);
    const handler = find(exchange.path);
    if (handler === undefined) {
      sendNotFound(exchange);
      return;
    }
    const fail = (error: unknown) => {
      if (error instanceof RequestAborted) return;
      const path = exchange.path.slice(0, PATH_LOGGED);
      const unavailable = asUnavailable(error);
      if (!unavailable || outages.take()) log.error({ err: error, path }, 'Request failed');
      sendUnavailable(response, unavailable ?? error);
    };
    try {
      handler(exchange)?.catch(fail);
    } catch (error) {
      fail(error);
    }
  });
}

function sendUnavailable(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.setHeader('Retry-After', '1');
  sendJson(response, 503, {
    error: ErrorCode.UNAVAILABLE,
    error_description:
      error instanceof LatchkeyError
        ? error.message
        : 'The service cannot answer now. Try again in a moment.',
  });
}
