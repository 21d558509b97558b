import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, type ClusterServer, createServer, openQuery } from '../support/cluster.js';
import { countedDuring, liveTokens } from '../support/live-tokens.js';
import { signIn, signUp, verify } from '../support/people.js';
import { type Galera, startGalera } from '../support/programs/galera.js';
import { startRedis } from '../support/programs/redis.js';
import { moreUses, print, underLoad } from '../support/under-load.js';
import { until } from '../support/until.js';

/** Three nodes, a server on each. */
let cluster: Pick<Cluster, 'servers' | 'query'>;
let galera: Galera;
const parts: AsyncDisposable[] = [];

beforeAll(async () => {
  galera = await startGalera();
  parts.push(galera);
  const redis = await startRedis();
  parts.push(redis);
  const start = async (databaseUrl: string): Promise<ClusterServer> => {
    const server = await createServer({ DATABASE_URL: databaseUrl, REDIS_URL: redis.url });
    parts.push(server.program);
    await server.program.start();
    return server;
  };
  const [first, second, third] = galera.nodes;
  const servers = [
    await start(first.databaseUrl),
    await start(second.databaseUrl),
    await start(third.databaseUrl),
  ] as const;
  const { query, ...rest } = openQuery(`${first.databaseUrl}`);
  parts.push(rest);
  cluster = { servers, query };
}, 120_000);
afterAll(async () => {
  for (const part of parts.reverse()) await part[Symbol.asyncDispose]();
});

const SIGN_INS = 60;

async function conflicts(): Promise<number> {
  let sum = 0;
  for (const node of galera.nodes) {
    sum += Number(await node.status('wsrep_local_cert_failures'));
    sum += Number(await node.status('wsrep_local_bf_aborts'));
  }
  return sum;
}

test('sign-ins of one account at three nodes conflict, are begun anew, and never leave more than five tokens', async () => {
  const { servers } = cluster;
  const accountId = await signUp(servers[0], 'alice');
  const before = await conflicts();
  const { result: signedIn, counts } = await countedDuring(cluster, accountId, () =>
    Promise.all(
      Array.from({ length: SIGN_INS }, (_, index) =>
        signIn(servers[index % 3] as ClusterServer, 'alice', `device ${index}`),
      ),
    ),
  );

  expect((await conflicts()) - before).toBeGreaterThan(0);
  expect(Math.max(...counts)).toBe(5);
  for (const server of servers) {
    const statuses = await Promise.all(
      signedIn.map(({ accessTokenSecret = '' }) => verify(server, accessTokenSecret)),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
  }
});

test('nothing acknowledged is lost where a node is killed, and the servers on the others go on', async () => {
  const [, , third] = galera.nodes;
  await underLoad(cluster, 'killed-node', async ({ ledger }) => {
    await third.program.kill();
    const wentOnMs = await until('the others go on', 60_000, async () => {
      const before = ledger.uses.length;
      await setTimeout(100);
      return ledger.uses.length > before + 5;
    });
    print('killed-node', `the other two went on after ${Math.round(wentOnMs)} ms`);
    await moreUses(ledger, 100);
    await third.program.start();
  });
});

test('sign-ins of one account amid which a node is killed never leave more than five tokens', async () => {
  const { servers } = cluster;
  const [, , third] = galera.nodes;
  const accountId = await signUp(servers[0], 'bob');
  let answered = 0;
  const signInsAt = async (server: ClusterServer, place: string) => {
    for (let round = 0; answered < SIGN_INS; round++) {
      // What the dead node's server cannot do it says, and what it left undone is nobody's.
      const isIn = await signIn(server, 'bob', `device ${place} ${round}`).then(
        () => true,
        () => false,
      );
      if (isIn) answered++;
      else await setTimeout(20);
      if (answered === SIGN_INS / 3) await third.program.kill();
    }
  };
  const { counts } = await countedDuring(cluster, accountId, () =>
    Promise.all(servers.map((server, place) => signInsAt(server, String(place)))),
  );
  await third.program.start();

  expect(counts.length).toBeGreaterThan(20);
  expect(Math.max(...counts)).toBe(5);
  expect(await liveTokens(cluster, accountId)).toBe(5);
});

test('nothing acknowledged is lost where a node is cut off, and its server lets nobody in meanwhile', async () => {
  const [, second] = galera.nodes;
  const [, cutOff, other] = cluster.servers;
  await underLoad(cluster, 'cut-off-node', async ({ ledger }) => {
    const token = await ledger.create(cutOff);
    expect(await ledger.use(cutOff, token)).toBe(200);
    await second.isolate(true);
    try {
      await until('the other nodes go on', 60_000, () =>
        ledger.revoke(other, token).then(
          () => true,
          () => false,
        ),
      );
      const good = await ledger.create(other);
      expect(await ledger.use(other, good)).toBe(200);
      expect(await ledger.use(cutOff, good)).toBe(503);
      expect(await ledger.use(cutOff, token)).toBe(503);
      await moreUses(ledger, 50);
    } finally {
      await second.isolate(false);
    }
  });
});
