import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/desktop/dist/${name}`, import.meta.url));

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

/** The built console. */
export function serveConsole(url: string, response: ServerResponse): void {
  serveBuilt(built('console'), CONTENT_SECURITY_POLICY, url, response);
}

/** The desktop window's page, which may connect to nothing. */
export function serveWindow(url: string, response: ServerResponse): void {
  const policy = CONTENT_SECURITY_POLICY.replace("connect-src 'self'", "connect-src 'none'");
  serveBuilt(built('renderer'), policy, url, response);
}

/** A file where there is one, else the page, whose router knows the address. */
function serveBuilt(
  directory: string,
  policy: string,
  url: string,
  response: ServerResponse,
): void {
  const { pathname } = new URL(url, 'http://127.0.0.1');
  const path = join(directory, extname(pathname) ? normalize(pathname) : 'index.html');
  response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
  response.setHeader('content-security-policy', policy);
  try {
    response.end(readFileSync(path));
  } catch {
    response.writeHead(404).end();
  }
}
