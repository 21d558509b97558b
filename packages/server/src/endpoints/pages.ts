import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import helmet from 'helmet';
import sirv from 'sirv';
import { type Handler, sendJson } from '../http/exchange.js';
import { sendNotFound } from '../http/not-found.js';

/** The addresses of the console's screens, and of what it loads. */
export const CONSOLE_PATHS = [
  '/',
  '/assets/',
  '/favicon.svg',
  '/tokens',
  '/tokens/',
  '/sessions',
  '/activity',
  '/account',
  '/account/',
  '/admin',
  '/admin/',
  // Where other token services have their list; the console goes on to its own.
  '/settings/access-tokens',
  '/settings/tokens',
];

/** The desktop's screens, built for the browser; they need nothing but what is their own. */
export function consolePage(): Handler {
  return servePage({ base: '/', folder: 'desktop/dist/console', policy: {} });
}

/** GraphiQL: its editor styles elements inline and runs its language services in workers. */
export function explorerPage(): Handler {
  return servePage({
    base: '/explorer/',
    folder: 'explorer/dist',
    policy: {
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      workerSrc: ["'self'", 'blob:'],
    },
  });
}

export function redirectTo(location: string): Handler {
  return ({ response }) => {
    response.writeHead(308, { Location: location }).end();
  };
}

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
function servePage({ base, folder, policy }: Page): Handler {
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
    // Whether all of a host is served over https is decided where TLS ends.
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
  return (exchange) => {
    const { request, response } = exchange;
    secure(request, response, () => {
      request.url = `/${(request.url ?? '').slice(base.length)}`;
      files(request, response, () => sendNotFound(exchange));
    });
  };
}

const notBuilt: Handler = ({ response }) => {
  sendJson(response, 404, {
    error: 'NOT_FOUND',
    error_description: 'This page is not built. Run: npm run build',
  });
};
