import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { startServer } from '../support/latchkey.js';
import { askEndpoint, createToken, signedUp, verify } from '../support/people.js';
import { usesOf } from '../support/uses.js';

test('every verification of a known token is recorded with its outcome and reason', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, session);
  await askEndpoint(server, secret, '?scope=read', { 'user-agent': 'git/2.39.5' });
  await verify(server, secret, '?scope=delete');
  await server.ask('{ viewer { account { id } } }', { secret });
  await server.ask(`mutation { deleteAccessTokens(ids: ["${id}"]) }`, { secret: session });
  await verify(server, secret);
  await server.refusal('{ viewer { account { id } } }', { secret });
  await verify(server, 'lkp_unknown');

  const { uses } = await usesOf(server, session);
  const summary = uses.map(({ endpoint, outcome, reason }) => [endpoint, outcome, reason]);
  const removed = 'This token was removed at 2026-01-15 12:00 UTC. Deleted by alice.';
  expect(summary).toEqual([
    ['GRAPHQL', 'REFUSED', removed],
    ['FORWARD_AUTH', 'REFUSED', removed],
    ['GRAPHQL', 'ALLOWED', null],
    ['FORWARD_AUTH', 'REFUSED', 'This token lacks DELETE.'],
    ['FORWARD_AUTH', 'ALLOWED', null],
  ]);
  expect(uses.at(-1)).toMatchObject({
    accessTokenId: id,
    occurredAt: new Date(server.clock.now()).toISOString(),
    ipAddress: '127.0.0.1',
    userAgent: 'git/2.39.5',
  });
});

test('a thousand verifications at once are all recorded and all counted', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const tokens = [await createToken(server, session), await createToken(server, session)];
  for (let round = 0; round < 10; round++) {
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, index) => verify(server, tokens[index % 2]?.secret ?? '')),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  }
  for (const { id } of tokens) {
    const { accessToken } = await server.ask(`{ accessToken(id: "${id}") { useCount } }`, {
      secret: session,
    });
    expect(accessToken.useCount).toBe(500);
  }
});

test('uses whose texts are as long as they can be are recorded and found, however many come at once', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, session);
  const longest = '"\\'.repeat(150);
  const headers = { 'user-agent': longest, 'x-original-uri': `/${longest}` };
  const ask = () => askEndpoint(server, secret, '?scope=read', headers);
  const answers = await Promise.all(Array.from({ length: 100 }, ask));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const { uses } = await usesOf(server, session, { first: 100 });
  expect(uses).toHaveLength(100);
  for (const { resource, userAgent } of uses) {
    expect(resource).toBe(`/${longest}`.slice(0, 256));
    expect(userAgent).toBe(longest.slice(0, 256));
  }
});

test("a token's counters tell its last use, and the list sorts by it", async () => {
  await using server = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, session);
  const other = await createToken(server, session);
  const query = `{ accessTokens(orderBy: LAST_USED_AT_DESC) {
    edges { node { id useCount lastUsedAt lastUsedFrom } } } }`;
  const list = async () =>
    (await server.ask(query, { secret: session })).accessTokens.edges.map(
      ({ node }: { node: object }) => node,
    );
  expect((await list()).map((node: { useCount: number }) => node.useCount)).toEqual([0, 0]);

  await askEndpoint(server, secret, '', { 'x-forwarded-for': '192.0.2.1' });
  server.clock.advance(1000);
  await askEndpoint(server, other.secret, '', { 'x-forwarded-for': '192.0.2.2' });
  server.clock.advance(1000);
  await askEndpoint(server, secret, '', { 'x-forwarded-for': '192.0.2.3' });
  const lastUsedAt = new Date(server.clock.now()).toISOString();
  expect(await list()).toMatchObject([
    { id, useCount: 2, lastUsedAt, lastUsedFrom: '192.0.2.3' },
    { id: other.id, useCount: 1, lastUsedFrom: '192.0.2.2' },
  ]);
});

test('uses are counted by UTC day and outcome, and by caller', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, session);
  const use = (agent: string, query = '') =>
    askEndpoint(server, secret, query, { 'user-agent': agent });
  await use('long-ago');
  server.clock.advance(8 * DAY);
  await use('git');
  await use('curl');
  await use('curl', '?scope=delete');
  server.clock.advance(12 * 60 * 60 * 1000);
  await use('git');
  const fields =
    '{ usageByDay(days: 2) { date allowed refused } recentCallers { userAgent useCount } }';
  const { accessToken } = await server.ask(`{ accessToken(id: "${id}") ${fields} }`, {
    secret: session,
  });

  expect(accessToken).toEqual({
    usageByDay: [
      { date: '2026-01-23', allowed: 2, refused: 1 },
      { date: '2026-01-24', allowed: 1, refused: 0 },
    ],
    recentCallers: [
      { userAgent: 'git', useCount: 2 },
      { userAgent: 'curl', useCount: 1 },
    ],
  });
  for (const field of ['usageByDay(days: 0) { date }', 'recentCallers(days: 91) { useCount }']) {
    const query = `{ accessToken(id: "${id}") { ${field} } }`;
    const { extensions } = await server.error(query, { secret: session });
    expect(extensions.fields?.[0]?.path).toBe('days');
  }
});
