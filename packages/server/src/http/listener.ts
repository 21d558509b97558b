import { createServer, type Server } from 'node:http';
import { ErrorCode } from '@latchkey/shared';
import type { Log } from '../log.js';
import { type Handler, sendJson } from './handler.js';
import { RequestAborted } from './read-body.js';

/**
 * Which handler answers which path. A path that ends in `/` answers all below it, and the longest wins; `/` answers itself
 * alone, since a proxy that asks at a mistyped address must never be answered 200.
 */
export type Routes = Readonly<Record<string, Handler>>;

/**
 * A bare `node:http` server over a table of paths: the forward-auth door is asked before every request that a proxy lets
 * through, and a framework's router would cost more than its verdict.
 */
export function createListener(routes: Routes, log: Log): Server {
  const exact = new Map(Object.entries(routes));
  const prefixes = [...exact.keys()]
    .filter((path) => path.endsWith('/') && path !== '/')
    .sort((one, other) => other.length - one.length);
  const find = (path: string) =>
    exact.get(path) ?? exact.get(prefixes.find((prefix) => path.startsWith(prefix)) ?? '');

  return createServer({ keepAliveTimeout: 65_000, requestTimeout: 60_000 }, (request, response) => {
    const url = request.url ?? '';
    const queryStart = url.indexOf('?');
    const handler = find(queryStart < 0 ? url : url.slice(0, queryStart));
    if (handler === undefined) {
      sendJson(response, 404, {
        error: ErrorCode.NOT_FOUND,
        error_description: 'There is nothing at this address.',
      });
      return;
    }
    run(handler, request, response).catch((error: unknown) => {
      if (error instanceof RequestAborted) return undefined;
      log.error(
        { err: error, path: url.slice(0, queryStart < 0 ? 200 : queryStart) },
        'Request failed',
      );
      if (response.headersSent) return response.destroy();
      response.setHeader('Retry-After', '1');
      return sendJson(response, 503, {
        error: ErrorCode.UNAVAILABLE,
        error_description: 'The service cannot answer now. Try again in a moment.',
      });
    });
  });
}

async function run(handler: Handler, ...[request, response]: Parameters<Handler>): Promise<void> {
  await handler(request, response);
}
