import type { Database } from '../database/database.js';
import { type Handler, sendJson } from '../http/exchange.js';

/** Whether the process runs: 200, always. */
export const healthz: Handler = ({ response }) => sendJson(response, 200, { status: 'ok' });

/** Whether it can serve: 200, or 503 where the database does not answer or takes no writes, or the server is stopping. */
export function readyz(database: Database, isStopping: () => boolean): Handler {
  return async ({ response }) => {
    const ready = !isStopping() && (await answers(database));
    sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'unavailable' });
  };
}

async function answers(database: Database): Promise<boolean> {
  try {
    await database.sql.get('SELECT 1');
    return await database.writes.check();
  } catch {
    return false;
  }
}
