import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, type ClusterServer, startCluster } from '../support/cluster.js';
import { graphql } from '../support/graphql.js';
import { createToken, signIn, signUp, verify } from '../support/people.js';
import { until } from '../support/until.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const TOKENS = '{ accessTokens { totalCount } }';
const VIEWER = '{ viewer { account { username } } }';

const readiness = async ({ url }: ClusterServer) => (await fetch(`${url}/readyz`)).status;

test('while the database is away nothing is allowed, and all is well within two seconds of its return', async () => {
  const { servers, mariadb } = cluster;
  const [server] = servers;
  await signUp(server, 'alice');
  const { sessionSecret } = await signIn(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  expect(await verify(server, secret)).toBe(200);

  await mariadb.program.kill();
  const headers = { authorization: `Bearer ${secret}` };
  const refused = await fetch(`${server.url}/auth/verify`, { headers });
  const asked = await graphql(server.url, VIEWER, { secret: sessionSecret });
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(asked.errors[0]?.extensions.code).toBe('UNAVAILABLE');
  expect(await readiness(server)).toBe(503);

  await mariadb.program.start();
  for (const each of servers) {
    await until('the server is ready', 2000, async () => (await readiness(each)) === 200);
    expect(await verify(each, secret)).toBe(200);
  }
});

test('a database that hangs is answered for in bounded time, and nothing is allowed meanwhile', async () => {
  const { servers, mariadb } = cluster;
  const [server] = servers;
  await signUp(server, 'bob');
  const { sessionSecret } = await signIn(server, 'bob');
  const { secret } = await createToken(server, sessionSecret);
  expect(await verify(server, secret)).toBe(200);

  await mariadb.program.pause();
  expect(await verify(server, secret)).toBe(503);
  mariadb.program.signal('SIGCONT');
  await until('it answers again', 2000, async () => (await verify(server, secret)) === 200);
});

test('nothing is acknowledged while the database is read-only, and all is well within two seconds of its taking writes', async () => {
  const { servers, mariadb } = cluster;
  const [server] = servers;
  await signUp(server, 'erin');
  const { sessionSecret } = await signIn(server, 'erin');
  const { secret } = await createToken(server, sessionSecret);

  await mariadb.administer('SET GLOBAL read_only = 1');
  expect(await verify(server, secret)).toBe(503);
  await expect(createToken(server, sessionSecret)).rejects.toThrow('UNAVAILABLE');
  expect(await readiness(server)).toBe(503);
  const { accessTokens } = await server.ask(TOKENS, { secret: sessionSecret });
  expect(accessTokens.totalCount).toBe(1);

  await mariadb.administer('SET GLOBAL read_only = 0');
  await until('the server is ready', 2000, async () => (await readiness(server)) === 200);
  expect(await verify(server, secret)).toBe(200);
  await createToken(server, sessionSecret);
});

test('no acknowledged use is lost when a server and the database are killed, and the other servers go on', async () => {
  const { servers, mariadb } = cluster;
  const [killed, survivor] = servers;
  await signUp(killed, 'carol');
  const { sessionSecret } = await signIn(killed, 'carol');
  const { id, secret } = await createToken(killed, sessionSecret);

  let acknowledged = 0;
  const statusesOfSurvivor = new Set<number>();
  const use = async (server: ClusterServer, times: number) => {
    for (let time = 0; time < times; time++) {
      const status = await verify(server, secret).catch(() => 0);
      if (status === 200) acknowledged++;
      if (server === survivor) statusesOfSurvivor.add(status);
    }
  };
  const load = Promise.all([killed, killed, survivor, survivor].map((server) => use(server, 200)));
  await until('there is load', 20_000, () => acknowledged > 100);
  await killed.program.kill();
  await load;
  expect([...statusesOfSurvivor]).toEqual([200]);

  const more = Promise.all([survivor, survivor].map((server) => use(server, 300)));
  await until('there is load again', 20_000, () => acknowledged > 600);
  await mariadb.program.kill();
  await mariadb.program.start();
  await more;
  await killed.program.start();
  const { accessToken } = await survivor.ask(`{ accessToken(id: "${id}") { useCount } }`, {
    secret: sessionSecret,
  });
  expect(accessToken.useCount).toBeGreaterThanOrEqual(acknowledged);
});

test('housekeeping moves to another server when the one that does it dies', async () => {
  const { servers, query } = cluster;
  await signUp(servers[2], 'dave');
  const { sessionId } = await signIn(servers[2], 'dave');
  const holder = () => query("SELECT holder FROM leases WHERE name = 'housekeeping'");
  // What the lease looks like whose holder has just renewed it and died.
  await query(
    `UPDATE leases SET holder = 'dead', expiresAt = UNIX_TIMESTAMP(NOW(3)) * 1000 + 5000
     WHERE name = 'housekeeping'`,
  );
  expect(await holder()).toBe('dead');
  await query('UPDATE sessions SET liveUntil = 1 WHERE id = ?', [sessionId]);
  const reason = () => query('SELECT endReason FROM sessions WHERE id = ?', [sessionId]);
  await until('the session is swept', 10_000, async () => (await reason()) !== null);
  expect(await reason()).toBe('SESSION_EXPIRED');
  expect(await holder()).not.toBe('dead');
});
