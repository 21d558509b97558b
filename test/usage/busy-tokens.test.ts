import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { type Use, usesOf } from '../support/uses.js';

const BY_DAY = '{ usageByDay(days: 3) { allowed refused } }';

/** Every page of `first`, one after the other. */
async function paged(server: TestServer, session: string, first: number, filter = {}) {
  const uses: Use[] = [];
  let after: string | null = null;
  for (;;) {
    const page = await usesOf(server, session, { first, filter, ...(after && { after }) });
    uses.push(...page.uses);
    if (!page.hasNextPage) return uses;
    expect(page.uses).toHaveLength(first);
    after = page.endCursor;
  }
}

test('hundreds of uses that are entered together are paged, filtered and counted one by one', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, session);
  const times: string[] = [];
  for (let count = 0; count < 260; count++) {
    times.push(new Date(server.clock.now()).toISOString());
    await verify(server, secret, count % 26 === 0 ? '?scope=delete' : '');
    server.clock.advance(1);
  }
  const newestFirst = [...times].reverse();
  const timesOf = (uses: readonly Use[]) => uses.map(({ occurredAt }) => occurredAt);

  expect(timesOf(await paged(server, session, 200))).toEqual(newestFirst);
  expect(timesOf(await paged(server, session, 7, { accessTokenId: id }))).toEqual(newestFirst);
  const refused = times.filter((_, index) => index % 26 === 0).reverse();
  expect(timesOf(await paged(server, session, 3, { outcome: 'REFUSED' }))).toEqual(refused);
  const between = { since: times[30], until: times[230] };
  expect(timesOf(await paged(server, session, 33, between))).toEqual(newestFirst.slice(30, 230));
  const { accessToken } = await server.ask(
    `{ accessToken(id: "${id}") { useCount lastUsedAt recentCallers { useCount } } }`,
    { secret: session },
  );
  expect(accessToken).toEqual({
    useCount: 260,
    lastUsedAt: times.at(-1),
    recentCallers: [{ useCount: 250 }],
  });
});

test('uses on both sides of midnight that are entered together are counted on their days', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, session);
  server.clock.advance(DAY - (server.clock.now() % DAY) - 3);
  for (let count = 0; count < 5; count++) {
    await verify(server, secret);
    server.clock.advance(1);
  }
  const { accessToken } = await server.ask(`{ accessToken(id: "${id}") ${BY_DAY} }`, {
    secret: session,
  });
  expect(accessToken.usageByDay).toEqual([
    { allowed: 0, refused: 0 },
    { allowed: 3, refused: 0 },
    { allowed: 2, refused: 0 },
  ]);
});
