import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers one request. What it throws or rejects with is answered by the listener. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** Sends `body` as JSON that nobody caches; a HEAD request gets the same headers. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'Cache-Control': 'no-store',
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'X-Content-Type-Options': 'nosniff',
    })
    .end(text);
}
