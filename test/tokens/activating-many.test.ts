import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, signInOn, verify } from '../support/people.js';
import { openSocket } from '../support/socket.js';

const SET = `mutation ($ids: [ID!]!, $active: Boolean!) {
  setAccessTokensActive(ids: $ids, active: $active) { id status }
}`;

test('a hundred tokens are deactivated in one call and activated again, session tokens too', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const device = await signInOn(server, 'alice', 'laptop');
  const tokens = await Promise.all(Array.from({ length: 99 }, () => createToken(server, secret)));
  const ids = [...tokens.map(({ id }) => id), device.accessTokenId];
  const secrets = [tokens[0]?.secret ?? '', tokens[98]?.secret ?? '', device.accessTokenSecret];

  for (const [active, status, answer] of [
    [false, 'INACTIVE', 401],
    [false, 'INACTIVE', 401],
    [true, 'ACTIVE', 200],
  ] as const) {
    const variables = { ids: [...ids, ids[0]], active };
    const { setAccessTokensActive } = await server.ask(SET, { secret, variables });
    expect(setAccessTokensActive.map(({ id }: { id: string }) => id).sort()).toEqual(ids.sort());
    expect(new Set(setAccessTokensActive.map((each: { status: string }) => each.status))).toEqual(
      new Set([status]),
    );
    for (const each of secrets) expect(await verify(server, each)).toBe(answer);
  }
});

test.each([
  ['an unknown one', 'NOT_FOUND', () => '00000000-0000-7000-8000-000000000000'],
  ["another account's", 'NOT_FOUND', ({ foreign }: Others) => foreign],
  ['a removed one', 'TOKEN_REMOVED', ({ removed }: Others) => removed],
])('with %s among them none is changed', async (_what, code, pick) => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const bob = await signedUp(server, 'bob');
  const foreign = await createToken(server, bob.sessionSecret);
  const [own, removed] = [await createToken(server, secret), await createToken(server, secret)];
  await server.ask(`mutation { deleteAccessTokens(ids: ["${removed.id}"]) }`, { secret });

  const ids = [own.id, pick({ foreign: foreign.id, removed: removed.id })];
  expect(await server.refusal(SET, { secret, variables: { ids, active: false } })).toBe(code);
  for (const token of [own, foreign]) expect(await verify(server, token.secret)).toBe(200);
});

interface Others {
  readonly foreign: string;
  readonly removed: string;
}

test('no tokens, and more than a hundred, are refused with the path', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  for (const ids of [[], Array.from({ length: 101 }, (_, index) => `id ${index}`)]) {
    const { extensions } = await server.error(SET, { secret, variables: { ids, active: true } });
    expect(extensions.fields?.[0]?.path).toBe('ids');
  }
});

test('each token that changes is announced, and one that stays as it is is not', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const [on, off] = [await createToken(server, secret), await createToken(server, secret)];
  await server.ask(SET, { secret, variables: { ids: [off.id], active: false } });
  await using socket = await openSocket(server.url, secret);
  const changes = await socket.subscribe(
    'subscription { accessTokenChanged { accessToken { id status } } }',
  );
  await server.ask(SET, { secret, variables: { ids: [off.id, on.id], active: false } });
  await server.ask(SET, { secret, variables: { ids: [off.id], active: true } });
  const next = async () => (await changes.next()).accessTokenChanged.accessToken;
  expect([await next(), await next()]).toEqual([
    { id: on.id, status: 'INACTIVE' },
    { id: off.id, status: 'ACTIVE' },
  ]);
});
