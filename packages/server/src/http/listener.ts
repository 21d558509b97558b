import { createServer, type Server, type ServerResponse } from 'node:http';
import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { LineLimit } from '../core/line-limit.js';
import type { Log } from '../core/log.js';
import { asUnavailable } from '../database/database-errors.js';
import { BodiesFull, RequestAborted } from './body.js';
import { type ConnectionSettings, Connections, TOO_MANY } from './connections.js';
import { Exchange, type Handler, sendJson } from './exchange.js';
import { sendNotFound } from './not-found.js';

/**
 * Which handler answers which path. A path that ends in `/` answers all below it, and the longest wins; `/` answers itself
 * alone, since a proxy that asks at a mistyped address must never be answered 200.
 */
export type Routes = Readonly<Record<string, Handler>>;

/** A server, and what bounds its connections. */
export interface Listener {
  readonly server: Server;
  readonly connections: Connections;
}

const PATH_LOGGED = 200;
/** Cookies of a whole domain come along with what browsers send, and proxies pass them on. */
const HEAD_MAX_BYTES = 64 * 1024;
/** How long a request may take to come in, its head and its body, and an answer to be read on. */
const TRANSFER_LIMIT_MS = 10_000;
/** Longer than proxies keep a connection that they do not use, or they would ask on one that is being closed. */
const IDLE_LIMIT_MS = 65_000;

/**
 * A bare `node:http` server over a table of paths: the forward-auth endpoint is asked before every request that a proxy lets
 * through, and a framework's router would cost more than its decision.
 */
export function createListener(routes: Routes, settings: ConnectionSettings, log: Log): Listener {
  const exact = new Map(Object.entries(routes));
  const prefixes = [...exact.keys()]
    .filter((path) => path.endsWith('/') && path !== '/')
    .sort((one, other) => other.length - one.length);
  const find = (path: string) =>
    exact.get(path) ?? exact.get(prefixes.find((prefix) => path.startsWith(prefix)) ?? '');

  const outages = new LineLimit();
  const limits = {
    maxHeaderSize: HEAD_MAX_BYTES,
    headersTimeout: TRANSFER_LIMIT_MS,
    requestTimeout: TRANSFER_LIMIT_MS,
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: IDLE_LIMIT_MS,
  };
  const server = createServer(limits, (request, response) => {
    if (!connections.admit(request, response)) return sendTooMany(response);
    const exchange = new Exchange(request, response, settings.trustedProxies);
    const handler = find(exchange.path);
    if (handler === undefined) {
      sendNotFound(exchange);
      return;
    }
    const fail = (error: unknown) => {
      if (error instanceof RequestAborted) return;
      if (error instanceof BodiesFull) {
        response.setHeader('Connection', 'close');
        sendUnavailable(response, error);
        return;
      }
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
  server.setTimeout(TRANSFER_LIMIT_MS);
  const connections = new Connections(server, settings);
  return { server, connections };
}

function sendTooMany(response: ServerResponse): void {
  response.setHeader('Retry-After', '1');
  sendJson(response, 429, { error: 'too_many_requests', error_description: TOO_MANY });
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
