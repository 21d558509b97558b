import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ErrorCode } from '@latchkey/shared';
import { type Exchange, sendJson } from './exchange.js';

const STYLE = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-content:center;gap:.75rem;padding:1.5rem;box-sizing:border-box;font:1rem/1.5 system-ui,sans-serif}h1{margin:0;font-size:1.25rem}p{margin:0}`;
const PAGE = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Not found · Latchkey</title>
  <style>${STYLE}</style>
  <main>
    <h1>There is nothing at this address.</h1>
    <p>The address may be mistyped, or what it showed may be gone.</p>
    <p><a href="/">Go to Latchkey</a></p>
  </main>
</html>
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Answers 404 for an address that nothing is at: with a page where a browser asks for one, else with JSON. */
export function sendNotFound({ request, response }: Exchange): void {
  if (!asksForPage(request)) {
    sendJson(response, 404, {
      error: ErrorCode.NOT_FOUND,
      error_description: 'There is nothing at this address.',
    });
    return;
  }
  response
    .writeHead(404, {
      'Cache-Control': 'no-store',
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': Buffer.byteLength(PAGE),
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
    })
    .end(PAGE);
}

/** Programs accept anything; browsers name HTML. */
function asksForPage({ method, headers }: IncomingMessage): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && (headers.accept ?? '').toLowerCase().includes('text/html');
}
