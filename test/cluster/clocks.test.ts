import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { createToken, signIn, signUp, verify } from '../support/people.js';
import { until } from '../support/until.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ clocksOffMs: [0, 30 * SECOND_MS, -30 * SECOND_MS] });
});
afterAll(() => cluster[Symbol.asyncDispose]());

const SECOND_MS = 1000;
const NOW = 'SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';

test('servers whose clocks are 30 seconds apart agree on when a token expires', async () => {
  const { servers, query } = cluster;
  await signUp(servers[1], 'alice');
  const { sessionSecret } = await signIn(servers[2], 'alice');
  const expiresAtMs = Number(await query(NOW)) + 10 * SECOND_MS;
  const expiresAt = new Date(expiresAtMs).toISOString();
  const { secret } = await createToken(servers[1], sessionSecret, { expiresAt });

  const statuses = await Promise.all(servers.map((server) => verify(server, secret)));
  expect(Number(await query(NOW))).toBeLessThan(expiresAtMs);
  expect(statuses).toEqual([200, 200, 200]);
  await until('the token has expired', 20_000, async () => Number(await query(NOW)) > expiresAtMs);
  const after = await Promise.all(servers.map((server) => verify(server, secret)));
  expect(after).toEqual([401, 401, 401]);
});

test('uses are listed in the order in which they were made, whichever server recorded them', async () => {
  const { servers } = cluster;
  await signUp(servers[0], 'bob');
  const { sessionSecret } = await signIn(servers[0], 'bob');
  const { secret } = await createToken(servers[0], sessionSecret);
  for (const [index, server] of servers.entries()) {
    const headers = { authorization: `Bearer ${secret}`, 'x-original-uri': `/use-${index}` };
    await fetch(`${server.url}/auth/verify`, { headers });
  }
  const { usageEvents } = await servers[1].ask('{ usageEvents { edges { node { resource } } } }', {
    secret: sessionSecret,
  });
  const resources = usageEvents.edges.map(
    ({ node }: { node: { resource: string } }) => node.resource,
  );
  expect(resources).toEqual(['/use-2', '/use-1', '/use-0']);
});
