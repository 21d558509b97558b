import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { BlockList } from 'node:net';
import { type Caller, callerOf } from './caller.js';

/** One request, with its address parsed once, and the response to it. */
export class Exchange {
  /** The address without its query, as it was sent. */
  readonly path: string;
  readonly #query: string;
  readonly #trustedProxies: BlockList;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    trustedProxies: BlockList,
  ) {
    const { url = '' } = request;
    const mark = url.indexOf('?');
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.#query = mark < 0 ? '' : url.slice(mark + 1);
    this.#trustedProxies = trustedProxies;
  }

  /** What follows the address's question mark, decoded. */
  get query(): URLSearchParams {
    return new URLSearchParams(this.#query);
  }

  get hasQuery(): boolean {
    return this.#query !== '';
  }

  /** From where and by which program the request came. */
  get caller(): Caller {
    return callerOf(this.request, this.#trustedProxies);
  }
}

/** Answers one request. What it throws or rejects with is answered by the listener. */
export type Handler = (exchange: Exchange) => Promise<void> | void;

/** Sends `body` as JSON that nobody caches, unless `headers` say so; a HEAD request gets the same headers. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: OutgoingHttpHeaders = {},
): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'Cache-Control': 'no-store',
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    })
    .end(text);
}
