import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, type ClusterServer, startCluster } from '../support/cluster.js';
import { Ledger } from '../support/ledger.js';
import { askDoor, signedUp } from '../support/people.js';
import type { Program } from '../support/programs/program.js';
import { subscribe } from '../support/subscription.js';
import { until } from '../support/until.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const HEALS_WITHIN_MS = 30_000;
/** Longer than a statement may take: everything that is under way fails. */
const LONG_PAUSE_MS = 6000;
/** Of the tokens that were made, the newest; the database is asked about all. */
const TOKENS_TRIED = 60;
const USES = 'subscription { usageEventRecorded { id } }';
const HOLDER = "SELECT holder FROM leases WHERE name = 'housekeeping'";

interface UnderLoad {
  readonly ledger: Ledger;
  readonly sessionSecret: string;
}

/** Load before, during and after `fault`; then everything that was acknowledged has to be there. */
async function underLoad(name: string, fault: (load: UnderLoad) => Promise<void>) {
  const { sessionSecret } = await signedUp(cluster.servers[0], name);
  const ledger = new Ledger(cluster.servers, sessionSecret, name);
  await ledger.create(cluster.servers[0]);
  ledger.start();
  try {
    await moreUses(ledger, 100);
    await fault({ ledger, sessionSecret });
    const healedMs = await untilHealed({ ledger, sessionSecret });
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
  await nothingIsLost(ledger);
}

const print = (name: string, line: string) => process.stdout.write(`${name}: ${line}\n`);

async function moreUses({ uses }: Ledger, count: number) {
  const before = uses.length;
  await until('there is load', HEALS_WITHIN_MS, () => uses.length >= before + count);
}

/** @returns when every server let a token in that it made itself, and when a use on one was heard of on another. */
async function untilHealed({ ledger, sessionSecret }: UnderLoad) {
  const begunAt = performance.now();
  const sinceMs = () => Math.round(performance.now() - begunAt);
  const answers = async (server: ClusterServer) => {
    const token = await ledger.create(server).catch(() => undefined);
    return token !== undefined && (await ledger.use(server, token).catch(() => 0)) === 200;
  };
  await Promise.all(
    cluster.servers.map((server) => until('it answers', HEALS_WITHIN_MS, () => answers(server))),
  );
  const answersMs = sinceMs();
  await until('events cross', HEALS_WITHIN_MS, async () => {
    await using heard = subscribe(cluster.servers[2].url, USES, sessionSecret);
    await until(
      'it is heard or refused',
      HEALS_WITHIN_MS,
      () => heard.received.length > 10 || heard.errorCode !== undefined,
    );
    return heard.errorCode === undefined;
  });
  return { answers: answersMs, events: sinceMs() };
}

async function nothingIsLost({ tokens, uses, wrong }: Ledger) {
  const { servers, query } = cluster;
  expect(wrong).toEqual([]);
  const stored = 'SELECT COUNT(DISTINCT resource) FROM usage_events WHERE resource IN (?)';
  expect(Number(await query(stored, [uses]))).toBe(uses.length);
  for (const token of tokens.slice(-TOKENS_TRIED)) {
    const answers = await Promise.all(servers.map((server) => askDoor(server, token.secret)));
    const statuses = new Set(answers.map(({ status }) => status));
    if (token.revoked) expect([...statuses]).toEqual([401]);
    else if (!token.doomed) expect([...statuses]).toEqual([200]);
  }
  const ids = tokens.map(({ id }) => id);
  const there = 'SELECT COUNT(*) FROM access_tokens WHERE id IN (?)';
  expect(Number(await query(there, [ids]))).toBe(tokens.length);
  const gone = tokens.filter(({ revoked }) => revoked).map(({ id }) => id);
  expect(Number(await query(`${there} AND removedAt IS NOT NULL`, [gone]))).toBe(gone.length);
  await until('every use is in the index and in the counters, once', 10_000, async () => {
    const [events, entries, counted] = await Promise.all([
      query('SELECT COUNT(*) FROM usage_events'),
      query('SELECT COUNT(*) FROM usage_index'),
      query('SELECT SUM(useCount) FROM access_tokens'),
    ]);
    return Number(entries) === 2 * Number(events) && Number(counted) === Number(events);
  });
}

async function killed(program: Program, whileGone: () => Promise<unknown>) {
  await program.kill();
  await whileGone();
  await program.start();
}

async function paused(program: Program, meanwhile: () => Promise<unknown>) {
  program.signal('SIGSTOP');
  try {
    await meanwhile();
  } finally {
    program.signal('SIGCONT');
  }
}

test('nothing acknowledged is lost where the server that keeps house is paused, and another takes over', async () => {
  const { servers, query } = cluster;
  const [housekeeper] = servers; // the first to start took the lease
  await underLoad('paused-server', async ({ ledger }) => {
    const holder = await query(HOLDER);
    await paused(housekeeper.program, async () => {
      const moves = until(
        'housekeeping moves',
        10_000,
        async () => (await query(HOLDER)) !== holder,
      );
      print('paused-server', `housekeeping moved after ${Math.round(await moves)} ms`);
      const failuresBefore = [...ledger.failures];
      await moreUses(ledger, 100);
      expect(ledger.failures).toEqual(failuresBefore);
    });
  });
});

test('nothing acknowledged is lost where a server is killed', async () => {
  await underLoad('killed-server', async ({ ledger }) => {
    await killed(cluster.servers[1].program, () => moreUses(ledger, 100));
  });
});

test('nothing acknowledged is lost where MariaDB is paused for longer than a statement may take', async () => {
  await underLoad('paused-mariadb', () =>
    paused(cluster.mariadb.program, () => setTimeout(LONG_PAUSE_MS)),
  );
});

test('nothing acknowledged is lost where MariaDB is killed', async () => {
  await underLoad('killed-mariadb', () => killed(cluster.mariadb.program, () => setTimeout(500)));
});

test('nothing acknowledged is lost where Redis is paused', async () => {
  await underLoad('paused-redis', ({ ledger }) =>
    paused(cluster.redis.program, async () => {
      await setTimeout(3000);
      await moreUses(ledger, 100);
    }),
  );
});

test('nothing acknowledged is lost where Redis is killed', async () => {
  await underLoad('killed-redis', ({ ledger }) =>
    killed(cluster.redis.program, () => moreUses(ledger, 200)),
  );
});
