import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, type ClusterServer, startCluster } from '../support/cluster.js';
import { createToken, signIn, signUp, verify } from '../support/people.js';
import { subscribe } from '../support/subscription.js';
import { until } from '../support/until.js';

const USES = 'subscription { usageEventRecorded { id } }';
const ENDINGS = 'subscription { sessionEnded { id endReason } }';
const SIGN_OUT = 'mutation { signOut }';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Makes uses until the subscriber hears of one: a subscription has no sign that it has begun. */
async function untilHeard(
  { received }: { readonly received: readonly unknown[] },
  limitMs: number,
  use: () => Promise<unknown>,
) {
  await until('a use is heard of', limitMs, async () => {
    await use();
    return received.length > 0;
  });
}

test('a use on one server reaches subscribers on the others', async () => {
  const [here, ...others] = cluster.servers;
  await signUp(here, 'alice');
  const { sessionSecret } = await signIn(here, 'alice');
  const { secret } = await createToken(here, sessionSecret);
  for (const other of others) {
    await using subscription = subscribe(other.url, USES, sessionSecret);
    await untilHeard(subscription, 5000, () => verify(here, secret));
    expect(subscription.errorCode).toBeUndefined();
  }
});

test('a session that ends on one server is told on the others, and its sockets there are closed', async () => {
  const [here, there] = cluster.servers;
  await signUp(here, 'bob');
  const staying = await signIn(here, 'bob');
  const leaving = await signIn(here, 'bob');
  const { secret } = await createToken(here, staying.sessionSecret);
  await using told = subscribe(there.url, ENDINGS, staying.sessionSecret);
  await using own = subscribe(there.url, USES, leaving.sessionSecret);
  await untilHeard(own, 5000, () => verify(here, secret));
  await here.ask(SIGN_OUT, { secret: leaving.sessionSecret });
  await until('it is told', 5000, () => told.received.length > 0);
  await until('the socket is closed', 5000, () => own.closeCode === 4403);
  expect(told.received).toEqual([
    { sessionEnded: { id: leaving.sessionId, endReason: 'SIGNED_OUT' } },
  ]);
});

test('without Redis subscriptions say that they are interrupted, and sessions that end elsewhere still close their sockets', async () => {
  const { redis, servers } = cluster;
  const [here, there] = servers;
  await signUp(here, 'carol');
  const { sessionSecret } = await signIn(here, 'carol');
  const leaving = await signIn(here, 'carol');
  const { secret } = await createToken(here, sessionSecret);
  const use = () => verify(here, secret);
  await using subscription = subscribe(there.url, USES, sessionSecret);
  await using own = subscribe(there.url, USES, leaving.sessionSecret);
  await untilHeard(subscription, 5000, use);

  await redis.program.kill();
  await until('it is told so', 10_000, () => subscription.errorCode === 'UNAVAILABLE');
  expect(own.errorCode).toBe('UNAVAILABLE');
  expect(await use()).toBe(200);
  await here.ask(SIGN_OUT, { secret: leaving.sessionSecret });
  await until('the socket is closed', 10_000, () => own.closeCode === 4403);
  expect(subscription.closeCode).toBeUndefined();
  await using refused = subscribe(there.url, USES, sessionSecret);
  await until('a new one is refused', 10_000, () => refused.errorCode === 'UNAVAILABLE');

  await redis.program.start();
  await heardAgain(there, sessionSecret, use);
});

test('that Redis is away is in the log once, not at every attempt to reach it', async () => {
  const { redis, servers } = cluster;
  const [here, there] = servers;
  await signUp(here, 'erin');
  const { sessionSecret } = await signIn(here, 'erin');
  const { secret } = await createToken(here, sessionSecret);
  const timesSaid = () => there.program.output.split('Redis is away').length - 1;
  const before = timesSaid();
  await redis.program.kill();
  // By then it has been tried some twenty times.
  await until('subscriptions are refused', 10_000, async () => {
    await using refused = subscribe(there.url, USES, sessionSecret);
    await untilHeard(refused, 1000, () => verify(here, secret)).catch(() => undefined);
    return refused.errorCode === 'UNAVAILABLE';
  });
  expect(timesSaid() - before).toBe(1);
  await redis.program.start();
  await heardAgain(there, sessionSecret, () => verify(here, secret));
  expect(timesSaid() - before).toBe(1);
});

test('a message that no server can read is a loss that subscribers are told of, and no server falls over it', async () => {
  const { redis, servers } = cluster;
  const [here, there] = servers;
  await signUp(here, 'frank');
  const { sessionSecret } = await signIn(here, 'frank');
  const { secret } = await createToken(here, sessionSecret);
  const client = new Redis(redis.url);
  const unreadable = [
    '',
    'no JSON',
    '{}',
    'null\n[]',
    '{"from":"x","number":1}\n[["usageRecorded",null]]',
  ];
  try {
    const [channel = ''] = (await client.pubsub('CHANNELS', 'latchkey *')) as string[];
    for (const message of unreadable) {
      await using subscription = subscribe(there.url, USES, sessionSecret);
      await untilHeard(subscription, 5000, () => verify(here, secret));
      await client.publish(channel, message);
      await until('it is told so', 5000, () => subscription.errorCode === 'UNAVAILABLE');
    }
  } finally {
    client.disconnect();
  }
  for (const server of servers) expect(await verify(server, secret)).toBe(200);
  await heardAgain(there, sessionSecret, () => verify(here, secret));
});

async function heardAgain(there: ClusterServer, sessionSecret: string, use: () => Promise<number>) {
  await until('events cross again', 10_000, async () => {
    await using again = subscribe(there.url, USES, sessionSecret);
    await until('it is heard or refused', 5000, async () => {
      await use();
      return again.received.length > 0 || again.errorCode !== undefined;
    });
    return again.received.length > 0;
  });
}

test('failed sign-ins are counted over all servers', async () => {
  const { servers } = cluster;
  await signUp(servers[0], 'dave');
  const wrong = `mutation { signIn(input: { username: "dave", password: "not the password" }) { sessionSecret } }`;
  const codes: string[] = [];
  for (let index = 0; index < 12; index++) {
    const server = servers[index % 3] as ClusterServer;
    codes.push(await server.ask(wrong).then(String, String));
  }
  expect(codes.filter((code) => code.includes('INVALID_CREDENTIALS'))).toHaveLength(10);
  expect(codes.filter((code) => code.includes('RATE_LIMITED'))).toHaveLength(2);
});

test('reports of leaked secrets from one network are counted over all servers', async () => {
  const { servers } = cluster;
  const statuses: number[] = [];
  for (let index = 0; index < 36; index++) {
    const server = servers[index % 3] as ClusterServer;
    const body = JSON.stringify({ credentials: [] });
    const report = await fetch(`${server.url}/credentials/revoke`, { method: 'POST', body });
    statuses.push(report.status);
  }
  expect(statuses.filter((status) => status === 202)).toHaveLength(30);
  expect(statuses.filter((status) => status === 429)).toHaveLength(6);
});

test('sign-ups of one network are counted over all servers', async () => {
  const { servers } = cluster;
  const codes: string[] = [];
  for (let index = 0; index < 36; index++) {
    const server = servers[index % 3] as ClusterServer;
    codes.push(await signUp(server, `user-${index}`).then(() => 'taken', String));
  }
  // Thirty an hour, those before this test among them: were they counted apart, all would be taken.
  expect(codes.slice(0, 20)).toEqual(Array(20).fill('taken'));
  for (const code of codes.slice(30)) expect(code).toContain('RATE_LIMITED');
});
