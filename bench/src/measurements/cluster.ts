import { COMPARISON_COLUMNS, type Comparison, compare, comparisonRow } from '../harness/compare.js';
import type { Load } from '../harness/load.js';
import { type MeasuredServer, startContender } from '../harness/measured-server.js';
import { type MysqlSeed, seedMysql } from '../harness/mysql-seed.js';
import type { Seed } from '../harness/seed.js';
import { median, quantile } from '../harness/statistics.js';
import {
  missingPrograms,
  startMariadb,
  startRedis,
  type ThrowawayMariadb,
  type ThrowawayRedis,
} from '../harness/throwaway.js';
import { atLeast, atMost, type Section, skipped } from '../report.js';
import { measureCrossing, USES_PER_SECOND } from './crossing.js';
import { isDecision, recording, verifications } from './requests.js';
import { type Scale, SMALL_TOKENS } from './scale.js';

const CONNECTIONS = 64;
const TITLE = 'MariaDB: /auth/verify against bare node:http, and uses that cross servers';
const BUFFER_POOL_MIB = 256;

/** Latchkey on MariaDB, and three of it. */
export async function measureCluster(_seed: Seed, scale: Scale): Promise<Section> {
  const missing = missingPrograms();
  if (missing.length > 0) return skipped(TITLE, `not installed: ${missing.join(', ')}`);
  await using mariadb = await startMariadb(BUFFER_POOL_MIB);
  await using redis = await startRedis();
  const seed = await seedMysql(mariadb, SMALL_TOKENS);
  const warm = await againstBare(mariadb, redis, seed, scale);
  const cold = await againstBare(mariadb, undefined, seed, scale);
  const servers = [
    await startLatchkey(mariadb, redis),
    await startLatchkey(mariadb, redis),
    await startLatchkey(mariadb, redis),
  ] as const;
  const crossing = await measureCrossing(servers, seed, scale.fanOutSeconds);
  for (const server of servers) await server[Symbol.asyncDispose]();
  return {
    title: TITLE,
    method: [
      `${seed.tokens.length} tokens in rotation of ${seed.tokenCount} stored, 5% of the secrets invalid, each use committed and`,
      'synced before its answer. Server, MariaDB and Redis share one core; the CPU and the memory shown are the server’s own.',
      `${CONNECTIONS} connections, ${scale.rounds} rounds of ${scale.roundSeconds} s each in turn; medians. Without Redis nothing is cached.`,
      'A round of Latchkey’s lasts until its uses are in their groups and in the counters.',
      `Share of bare by round, cached: ${shares(warm)}%; not cached: ${shares(cold)}%.`,
      `Crossing: ${USES_PER_SECOND} uses a second on one server of three for ${scale.fanOutSeconds} s, ${crossing.sockets} subscribers on the other two.`,
    ],
    columns: COMPARISON_COLUMNS,
    rows: [
      comparisonRow('bare node:http, constant JSON', warm.contender),
      comparisonRow('Latchkey, cache warm', warm.latchkey),
      comparisonRow('Latchkey, no cache', cold.latchkey),
      [
        'an event on another server',
        crossing.usesPerSecond,
        '',
        '',
        quantile(crossing.latenciesMs, 0.5),
        quantile(crossing.latenciesMs, 0.99),
        '',
      ],
    ],
    targets: [
      atLeast('% of the bare server’s requests per second, cached', share(warm), 25),
      atLeast('% of the bare server’s requests per second, not cached', share(cold), 10),
      atLeast('% of the events that arrived', crossing.arrivedPercent, 100),
      atMost('p99 in ms of an event on another server', quantile(crossing.latenciesMs, 0.99), 150),
    ],
  };
}

async function againstBare(
  mariadb: ThrowawayMariadb,
  redis: ThrowawayRedis | undefined,
  seed: MysqlSeed,
  scale: Scale,
): Promise<Comparison> {
  await using latchkey = await startLatchkey(mariadb, redis);
  await using bare = await startContender('bare');
  await useEachOnce(latchkey, seed);
  const load: Load = {
    requests: verifications(seed.tokens),
    connections: CONNECTIONS,
    durationSeconds: scale.roundSeconds,
    accepts: isDecision,
  };
  // Awaited here: the servers are stopped at the end of the block.
  return await compare({ server: bare, load }, recording(latchkey, load, seed), scale.rounds);
}

/** Fills the cache, and opens the pool's connections, which a round's first requests would wait for. */
async function useEachOnce({ url }: MeasuredServer, { tokens }: MysqlSeed): Promise<void> {
  const left = tokens.values();
  const use = async () => {
    for (const { secret } of left) {
      const headers = { authorization: `Bearer ${secret}` };
      const { status } = await fetch(`${url}/auth/verify`, { headers });
      if (status !== 200) throw new Error(`A valid token was answered ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, use));
}

function startLatchkey({ databaseUrl }: ThrowawayMariadb, redis: ThrowawayRedis | undefined) {
  return startContender('latchkey-on-mysql', `${databaseUrl}#${redis?.url ?? ''}`);
}

function shares({ ratios }: Comparison): string {
  return ratios.map((ratio) => (100 * ratio).toFixed(0)).join(', ');
}

function share({ ratios }: Comparison): number {
  return 100 * median(ratios);
}
