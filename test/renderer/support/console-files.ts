import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('../../../packages/desktop/dist/console', import.meta.url));

/** The policy that the console is made for: no inline script, no inline style, nothing from elsewhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The built console: a file where there is one, else the page, whose router knows the address. */
export function serveConsole(url: string, response: ServerResponse): void {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  const path = extname(pathname)
    ? join(DIRECTORY, normalize(pathname))
    : join(DIRECTORY, 'index.html');
  response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
  response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
  try {
    response.end(readFileSync(path));
  } catch {
    response.writeHead(404).end();
  }
}
