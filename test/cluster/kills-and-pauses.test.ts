import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import type { Program } from '../support/programs/program.js';
import { moreUses, print, underLoad } from '../support/under-load.js';
import { until } from '../support/until.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Longer than a statement may take: everything that is under way fails. */
const LONG_PAUSE_MS = 6000;
const HOLDER = "SELECT holder FROM leases WHERE name = 'housekeeping'";

async function killed(program: Program, whileGone: () => Promise<unknown>) {
  await program.kill();
  await whileGone();
  await program.start();
}

async function paused(program: Program, meanwhile: () => Promise<unknown>) {
  await program.pause();
  try {
    await meanwhile();
  } finally {
    program.signal('SIGCONT');
  }
}

test('nothing acknowledged is lost where the server that keeps house is paused, and another takes over', async () => {
  const { servers, query } = cluster;
  const [housekeeper] = servers; // the first to start took the lease
  await underLoad(cluster, 'paused-server', async ({ ledger }) => {
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
  await underLoad(cluster, 'killed-server', async ({ ledger }) => {
    await killed(cluster.servers[1].program, () => moreUses(ledger, 100));
  });
});

test('nothing acknowledged is lost where MariaDB is paused for longer than a statement may take', async () => {
  await underLoad(cluster, 'paused-mariadb', () =>
    paused(cluster.mariadb.program, () => setTimeout(LONG_PAUSE_MS)),
  );
});

test('nothing acknowledged is lost where MariaDB is killed', async () => {
  await underLoad(cluster, 'killed-mariadb', () =>
    killed(cluster.mariadb.program, () => setTimeout(500)),
  );
});

test('nothing acknowledged is lost where Redis is paused', async () => {
  await underLoad(cluster, 'paused-redis', ({ ledger }) =>
    paused(cluster.redis.program, async () => {
      await setTimeout(3000);
      await moreUses(ledger, 100);
    }),
  );
});

test('nothing acknowledged is lost where Redis is killed', async () => {
  await underLoad(cluster, 'killed-redis', ({ ledger }) =>
    killed(cluster.redis.program, () => moreUses(ledger, 200)),
  );
});
