import { expect } from 'vitest';
import type { Cluster, ClusterServer } from './cluster.js';
import { Ledger } from './ledger.js';
import { askEndpoint, signedUp } from './people.js';
import { subscribe } from './subscription.js';
import { until } from './until.js';

const HEALS_WITHIN_MS = 60_000;
/** Of the tokens that were made, the newest; the database is asked about all. */
const TOKENS_TRIED = 60;
const USES = 'subscription { usageEventRecorded { id } }';

type LoadedCluster = Pick<Cluster, 'servers' | 'query'>;

export interface UnderLoad {
  readonly ledger: Ledger;
  readonly sessionSecret: string;
}

/** Load before, during and after `fault`; then everything that was acknowledged has to be there. */
export async function underLoad(
  cluster: LoadedCluster,
  name: string,
  fault: (load: UnderLoad) => Promise<void>,
) {
  const { sessionSecret } = await signedUp(cluster.servers[0], name);
  const ledger = new Ledger(cluster.servers, sessionSecret, name);
  await ledger.create(cluster.servers[0]);
  ledger.start();
  try {
    await moreUses(ledger, 100);
    await fault({ ledger, sessionSecret });
    const healedMs = await untilHealed(cluster, { ledger, sessionSecret });
    await moreUses(ledger, 100);
    print(
      name,
      `every server answers ${healedMs.answers} ms later, events cross ${healedMs.events} ms later`,
    );
  } finally {
    await ledger.stop();
  }
  const { uses, tokens, failures } = ledger;
  print(
    name,
    `${uses.length} uses, ${tokens.length} tokens acknowledged, failed by server: ${failures.join(', ')}`,
  );
  await nothingIsLost(cluster, ledger);
}

export const print = (name: string, line: string) => process.stdout.write(`${name}: ${line}\n`);

export async function moreUses({ uses }: Ledger, count: number) {
  const before = uses.length;
  await until('there is load', HEALS_WITHIN_MS, () => uses.length >= before + count);
}

/** @returns when every server let a token in that it made itself, and when a use on one was heard of on another. */
async function untilHealed({ servers }: LoadedCluster, { ledger, sessionSecret }: UnderLoad) {
  const begunAt = performance.now();
  const sinceMs = () => Math.round(performance.now() - begunAt);
  const answers = async (server: ClusterServer) => {
    const token = await ledger.create(server).catch(() => undefined);
    return token !== undefined && (await ledger.use(server, token).catch(() => 0)) === 200;
  };
  await Promise.all(
    servers.map((server) => until('it answers', HEALS_WITHIN_MS, () => answers(server))),
  );
  const answersMs = sinceMs();
  await until('events cross', HEALS_WITHIN_MS, async () => {
    await using heard = subscribe(servers[2].url, USES, sessionSecret);
    await until(
      'it is heard or refused',
      HEALS_WITHIN_MS,
      () => heard.received.length > 10 || heard.errorCode !== undefined,
    );
    return heard.errorCode === undefined;
  });
  return { answers: answersMs, events: sinceMs() };
}

async function nothingIsLost({ servers, query }: LoadedCluster, { tokens, uses, wrong }: Ledger) {
  expect(wrong).toEqual([]);
  for (const token of tokens.slice(-TOKENS_TRIED)) {
    const answers = await Promise.all(servers.map((server) => askEndpoint(server, token.secret)));
    const statuses = new Set(answers.map(({ status }) => status));
    if (token.revoked) expect([...statuses]).toEqual([401]);
    else if (!token.doomed) expect([...statuses]).toEqual([200]);
  }
  const ids = tokens.map(({ id }) => id);
  const there = 'SELECT COUNT(*) FROM access_tokens WHERE id IN (?)';
  expect(Number(await query(there, [ids]))).toBe(tokens.length);
  const gone = tokens.filter(({ revoked }) => revoked).map(({ id }) => id);
  expect(Number(await query(`${there} AND removedAt IS NOT NULL`, [gone]))).toBe(gone.length);
  await until('every use is in its group and in the counters, once', 30_000, async () => {
    const [waiting, listed, grouped, counted] = await Promise.all([
      query('SELECT COUNT(*) FROM usage_journal'),
      query('SELECT SUM(JSON_LENGTH(events)) FROM usage_groups'),
      query('SELECT SUM(eventCount) FROM usage_groups'),
      query('SELECT SUM(useCount) FROM access_tokens'),
    ]);
    // Refusals beyond a rate are one event that stands for many.
    const all = Number(grouped);
    return Number(waiting) === 0 && Number(counted) === all && Number(listed) <= all;
  });
  const stored = `SELECT COUNT(DISTINCT resource) FROM usage_groups,
    JSON_TABLE(events, '$[*]' COLUMNS (resource VARCHAR(256) PATH '$[5]')) used WHERE resource IN (?)`;
  expect(Number(await query(stored, [uses]))).toBe(uses.length);
}
