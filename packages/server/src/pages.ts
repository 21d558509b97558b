import type { Config } from './config.js';
import type { Handler } from './http/handler.js';
import type { Routes } from './http/listener.js';
import { servePage } from './http/pages.js';

/** The pages that this server offers to browsers. */
export function pageRoutes({ explorer }: Pick<Config, 'explorer'>): Routes {
  return explorer ? { '/explorer': redirectTo('/explorer/'), '/explorer/': explorerPage() } : {};
}

function redirectTo(location: string): Handler {
  return (_request, response) => {
    response.writeHead(308, { Location: location }).end();
  };
}

/** GraphiQL: its editor styles elements inline and runs its language services in workers. */
function explorerPage(): Handler {
  return servePage({
    base: '/explorer/',
    folder: 'explorer/dist',
    policy: { styleSrc: ["'self'", "'unsafe-inline'"], workerSrc: ["'self'", 'blob:'] },
  });
}
