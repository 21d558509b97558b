import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { openStored } from '../support/stored.js';
import { type Use, usesOf } from '../support/uses.js';

test('uses are paged newest first, with none skipped or repeated while more arrive', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, session);
  for (let count = 0; count < 12; count++) {
    await verify(server, secret, count % 3 === 0 ? '?scope=delete' : '');
    if (count % 2 === 0) server.clock.advance(1);
  }
  const all = (await usesOf(server, session, { first: 100 })).uses;
  expect(all).toHaveLength(12);
  expect(all.map(({ id }) => id)).toEqual(
    all
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );

  const paged: Use[] = [];
  let after: string | undefined;
  do {
    const page = await usesOf(server, session, { first: 5, ...(after && { after }) });
    paged.push(...page.uses);
    after = page.hasNextPage ? (page.endCursor ?? undefined) : undefined;
    await verify(server, secret);
  } while (after !== undefined);
  expect(paged).toEqual(all);
});

test('filters take a token, an outcome, and a time from its first to before its last moment', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const one = await createToken(server, session);
  const two = await createToken(server, session);
  const times: string[] = [];
  for (const token of [one, two, one]) {
    times.push(new Date(server.clock.now()).toISOString());
    await verify(server, token.secret);
    await verify(server, token.secret, '?scope=delete');
    server.clock.advance(1000);
  }
  const count = async (filter: object) => (await usesOf(server, session, { filter })).uses.length;

  expect(await count({})).toBe(6);
  expect(await count({ accessTokenId: one.id })).toBe(4);
  expect(await count({ outcome: 'REFUSED' })).toBe(3);
  expect(await count({ accessTokenId: one.id, outcome: 'ALLOWED' })).toBe(2);
  expect(await count({ since: times[1] })).toBe(4);
  expect(await count({ until: times[1] })).toBe(2);
  expect(await count({ since: times[1], until: times[2] })).toBe(2);
  expect(await count({ since: times[2], until: times[1] })).toBe(0);
});

test('a cursor that is none and a page out of bounds are refused with the path', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const query =
    'query ($first: Int, $after: String) { usageEvents(first: $first, after: $after) { edges { cursor } } }';
  for (const [path, variables] of [
    ['after', { after: 'nonsense' }],
    ['after', { after: 'zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz' }],
    ['first', { first: 0 }],
    ['first', { first: 201 }],
  ] as const) {
    const { extensions } = await server.error(query, { secret, variables });
    expect(extensions.fields?.[0]?.path).toBe(path);
  }
});

test("nobody sees another account's uses, and a token sees only its own", async () => {
  await using server = await startServer();
  const alice = await signedUp(server, 'alice');
  const bob = await signedUp(server, 'bob');
  const one = await createToken(server, alice.sessionSecret);
  const two = await createToken(server, alice.sessionSecret);
  await verify(server, one.secret);
  await verify(server, two.secret);

  expect((await usesOf(server, bob.sessionSecret)).uses).toEqual([]);
  const { uses } = await usesOf(server, one.secret);
  expect(new Set(uses.map(({ accessTokenId }) => accessTokenId))).toEqual(new Set([one.id]));
  const query = `{ usageEvents(filter: { accessTokenId: "${two.id}" }) { edges { cursor } } }`;
  expect(await server.refusal(query, { secret: one.secret })).toBe('NOT_FOUND');
});

test('uses past their retention are purged, and the counters stay', async () => {
  await using server = await startServer({ LATCHKEY_USAGE_DAYS: '10' });
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, session);
  for (let count = 0; count < 60; count++) await verify(server, secret);
  server.clock.advance(5 * DAY);
  await verify(server, secret);
  expect((await usesOf(server, session, { first: 100 })).uses).toHaveLength(61);

  server.clock.advance(5 * DAY + 1);
  await server.server.housekeep();
  expect((await usesOf(server, session, { first: 100 })).uses).toHaveLength(1);
  await using stored = await openStored(server.database);
  expect(await stored.all('SELECT id FROM usage_groups')).toHaveLength(1);
  const { accessToken } = await server.ask(`{ accessToken(id: "${id}") { useCount } }`, {
    secret: session,
  });
  expect(accessToken.useCount).toBe(61);
});
