import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, type ClusterServer, startCluster } from '../support/cluster.js';
import { createToken, signIn, signUp, verify } from '../support/people.js';
import { until } from '../support/until.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const DELETE = 'mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }';

/** A token that every server has just let in, so that it may be cached there. */
async function tokenInUse({ servers }: Cluster, sessionSecret: string) {
  const token = await createToken(servers[0], sessionSecret);
  for (const server of servers) {
    expect(await verify(server, token.secret)).toBe(200);
    expect(await verify(server, token.secret)).toBe(200);
  }
  return token;
}

async function refusedWithinASecond(servers: readonly ClusterServer[], secret: string) {
  for (const server of servers) {
    await until(
      'the revoked token is refused',
      1000,
      async () => (await verify(server, secret)) === 401,
    );
  }
  for (const server of servers) expect(await verify(server, secret)).toBe(401);
}

async function revokeOn(server: ClusterServer, sessionSecret: string, id: string) {
  await server.ask(DELETE, { variables: { ids: [id] }, secret: sessionSecret });
}

test('a revoked token is refused by every server, with Redis up, hung and gone', async () => {
  const { servers, redis } = cluster;
  await signUp(servers[0], 'alice');
  const { sessionSecret } = await signIn(servers[0], 'alice');

  const first = await tokenInUse(cluster, sessionSecret);
  await revokeOn(servers[1], sessionSecret, first.id);
  await refusedWithinASecond(servers, first.secret);

  const second = await tokenInUse(cluster, sessionSecret);
  await redis.program.pause();
  await revokeOn(servers[2], sessionSecret, second.id);
  await refusedWithinASecond(servers, second.secret);
  redis.program.signal('SIGCONT');

  const third = await tokenInUse(cluster, sessionSecret);
  await redis.program.kill();
  await revokeOn(servers[0], sessionSecret, third.id);
  await refusedWithinASecond(servers, third.secret);

  await redis.program.start();
  const fourth = await tokenInUse(cluster, sessionSecret);
  await revokeOn(servers[1], sessionSecret, fourth.id);
  await refusedWithinASecond(servers, fourth.secret);
});

test('a resource server that is deleted, or whose secret leaked, asks nothing more of any server', async () => {
  const { servers } = cluster;
  const [here, there] = servers;
  const { sessionSecret: secret } = await signIn(here, 'alice');
  const create = (name: string) =>
    here.ask(
      `mutation { createResourceServer(name: "${name}") { secret resourceServer { id } } }`,
      { secret },
    );
  const introspect = async (server: ClusterServer, clientSecret: string) => {
    const headers = { authorization: `Bearer ${clientSecret}` };
    const body = new URLSearchParams({ token: 'any' });
    const answer = await fetch(`${server.url}/oauth2/introspect`, {
      method: 'POST',
      headers,
      body,
    });
    return answer.status;
  };
  const isOver = async (clientSecret: string) => {
    for (const server of servers) {
      const refused = async () => (await introspect(server, clientSecret)) === 401;
      await until('the resource server is refused', 1000, refused);
    }
  };
  const { createResourceServer: wiki } = await create('wiki');
  const { createResourceServer: shop } = await create('shop');
  for (const server of [...servers, ...servers]) {
    expect(await introspect(server, wiki.secret)).toBe(200);
    expect(await introspect(server, shop.secret)).toBe(200);
  }
  await there.ask(`mutation { deleteResourceServer(id: "${wiki.resourceServer.id}") }`, { secret });
  await isOver(wiki.secret);
  await fetch(`${there.url}/credentials/revoke`, {
    method: 'POST',
    body: JSON.stringify({ credentials: [shop.secret] }),
  });
  await isOver(shop.secret);
});

test('the device whose token a sixth sign-in pruned is refused everywhere', async () => {
  const { servers } = cluster;
  await signUp(servers[0], 'bob');
  const first = await signIn(servers[0], 'bob', 'device 0');
  const secret = first.accessTokenSecret ?? '';
  for (const server of servers) expect(await verify(server, secret)).toBe(200);
  for (let index = 1; index <= 5; index++) {
    await signIn(servers[index % 3] as ClusterServer, 'bob', `device ${index}`);
  }
  await refusedWithinASecond(servers, secret);
});

test('a server that was paused lets nobody in who was revoked while it slept, whether Redis could tell it or not', async () => {
  const { servers, redis } = cluster;
  const [sleeper, , other] = servers;
  await signUp(other, 'dave');
  const { sessionSecret } = await signIn(other, 'dave');
  for (const tells of [true, false]) {
    const { id, secret } = await tokenInUse(cluster, sessionSecret);
    await sleeper.program.pause();
    if (!tells) await redis.program.kill();
    await revokeOn(other, sessionSecret, id);
    await setTimeout(1100); // the guarantee's own time
    const asked = verify(sleeper, secret);
    await setTimeout(50); // it lies there when the server wakes
    sleeper.program.signal('SIGCONT');
    expect(await asked).toBe(401);
    expect(await verify(sleeper, secret)).toBe(401);
    if (!tells) await redis.program.start();
  }
});

test('a server that is killed between its commit and its announcement leaves no token accepted', async () => {
  const { servers, query } = cluster;
  const [killed, ...others] = servers;
  await signUp(killed, 'carol');
  const { sessionSecret } = await signIn(killed, 'carol');
  const { id, secret } = await tokenInUse(cluster, sessionSecret);
  // Written past all servers: what a commit looks like whose server dies before it says so.
  await query('UPDATE access_tokens SET removedAt = 1, removalReason = ? WHERE id = ?', [
    'DELETED',
    id,
  ]);
  await killed.program.kill();
  await refusedWithinASecond(others, secret);
  await killed.program.start();
});
