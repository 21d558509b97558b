import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import helmet from 'helmet';
import sirv from 'sirv';
import { type Handler, sendJson } from '../http/handler.js';
import { sendNotFound } from '../http/not-found.js';

interface Page {
  /** What its assets' addresses begin with; a slash at both ends. */
  readonly base: string;
  /** The package's built folder, from the root of the packages. */
  readonly folder: string;
  /** What the page may load and run, besides what is its own. */
  readonly policy: Readonly<Record<string, readonly string[]>>;
}

/**
 * A built page and its assets. Assets have their content's hash in their names and are cached for good, the page itself
 * never; any other path that is routed here is an address inside the page.
 */
export function servePage({ base, folder, policy }: Page): Handler {
  const path = fileURLToPath(new URL(`../../../${folder}`, import.meta.url));
  if (!existsSync(path)) return notBuilt;
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        ...policy,
      },
    },
    // Whether all of a host is served over https is for whoever terminates TLS to say.
    strictTransportSecurity: false,
  });
  const files = sirv(path, {
    etag: true,
    // As the build left them beside the plain ones.
    gzip: true,
    single: true,
    setHeaders: (response, file) => {
      const hashed = file.startsWith('/assets/');
      response.setHeader(
        'Cache-Control',
        hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  return (request, response) => {
    secure(request, response, () => {
      request.url = `/${(request.url ?? '').slice(base.length)}`;
      files(request, response, () => sendNotFound(request, response));
    });
  };
}

const notBuilt: Handler = (_request, response) => {
  sendJson(response, 404, {
    error: 'NOT_FOUND',
    error_description: 'This page is not built. Run: npm run build',
  });
};
