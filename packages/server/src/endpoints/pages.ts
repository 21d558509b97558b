import type { Config } from '../config.js';
import type { Handler } from '../http/handler.js';
import type { Routes } from '../http/listener.js';
import { needsSetting } from '../http/needs-setting.js';
import { servePage } from './serve-page.js';

/** The addresses of the console's screens, and of what it loads. */
const CONSOLE_ADDRESSES = [
  '/',
  '/assets/',
  '/favicon.svg',
  '/tokens',
  '/tokens/',
  '/sessions',
  '/activity',
  '/account',
  '/namespaces',
  '/admin/',
  // Where other token services have their list; the console goes on to its own.
  '/settings/access-tokens',
  '/settings/tokens',
];

/** The pages that this server offers to browsers: the console, and GraphiQL where it is on. */
export function pageRoutes({ explorer }: Pick<Config, 'explorer'>): Routes {
  const page = consolePage();
  return {
    ...Object.fromEntries(CONSOLE_ADDRESSES.map((address) => [address, page])),
    '/explorer': redirectTo('/explorer/'),
    '/explorer/': explorer
      ? explorerPage()
      : needsSetting('LATCHKEY_EXPLORER=true', 'GraphiQL is off in production.'),
  };
}

/** The desktop's screens, built for the browser; they need nothing but what is their own. */
function consolePage(): Handler {
  return servePage({ base: '/', folder: 'desktop/dist/console', policy: {} });
}

/** GraphiQL: its editor styles elements inline and runs its language services in workers. */
function explorerPage(): Handler {
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

function redirectTo(location: string): Handler {
  return (_request, response) => {
    response.writeHead(308, { Location: location }).end();
  };
}
