import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Files of the app alone, nothing inline, nothing over a network, no frame, form or plugin. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers a request under the app's own scheme from `directory`; an address of a screen is answered with the page. */
export async function serveAppFile(directory: string, url: string): Promise<Response> {
  const path = filePath(directory, url);
  if (path === undefined) return notFound();
  const isScreen = extname(path) === '';
  try {
    return answer(await readFile(isScreen ? join(directory, 'index.html') : path), path);
  } catch {
    return notFound();
  }
}

/** The file that `url` names; undefined where it is none below `directory`. */
function filePath(directory: string, url: string): string | undefined {
  try {
    const path = normalize(join(directory, decodeURIComponent(new URL(url).pathname)));
    return path.startsWith(directory + sep) && !path.includes('\0') ? path : undefined;
  } catch {
    return undefined;
  }
}

function answer(content: Buffer, path: string): Response {
  const type = CONTENT_TYPES[extname(path) || '.html'];
  if (type === undefined) return notFound();
  return new Response(new Uint8Array(content), {
    headers: {
      'content-type': type,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  });
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: { 'content-type': 'text/plain' } });
}
