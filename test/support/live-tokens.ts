import { setTimeout } from 'node:timers/promises';
import type { Cluster } from './cluster.js';

const PAUSE_MS = 5;
const LIVE = `SELECT COUNT(*) FROM access_tokens
  WHERE kind = 'SESSION' AND removedAt IS NULL AND accountId = ?`;

/** How many session tokens of the account live, by the database. */
export async function liveTokens({ query }: Pick<Cluster, 'query'>, accountId: string) {
  return Number(await query(LIVE, [accountId]));
}

/** Counts the account's live session tokens again and again until `work` is done; @returns what came of it, and every count. */
export async function countedDuring<Result>(
  cluster: Pick<Cluster, 'query'>,
  accountId: string,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly counts: readonly number[] }> {
  const counts: number[] = [];
  let done = false;
  const counting = (async () => {
    while (!done) {
      counts.push(await liveTokens(cluster, accountId));
      await setTimeout(PAUSE_MS);
    }
  })();
  try {
    return { result: await work(), counts };
  } finally {
    done = true;
    await counting;
  }
}
