import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';

const DELETE = 'mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }';

test('a hundred tokens are deleted in one call, and again without an error', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const tokens = await Promise.all(Array.from({ length: 100 }, () => createToken(server, secret)));
  const request = { secret, variables: { ids: tokens.map(({ id }) => id) } };

  const { deleteAccessTokens } = await server.ask(DELETE, request);
  expect(deleteAccessTokens).toEqual(request.variables.ids);
  expect(await verify(server, tokens[99]?.secret ?? '')).toBe(401);
  expect((await server.ask(DELETE, request)).deleteAccessTokens).toEqual(request.variables.ids);
});

test.each([
  ['an unknown identifier', () => '00000000-0000-7000-8000-000000000000'],
  ["another account's token", (foreign: string) => foreign],
  ['nonsense', () => "' OR 1=1 --"],
])('with %s among them none is deleted', async (_what, stranger) => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const bob = await signedUp(server, 'bob');
  const foreign = await createToken(server, bob.sessionSecret);
  const own = [await createToken(server, secret), await createToken(server, secret)];
  const ids = [...own.map(({ id }) => id), stranger(foreign.id)];

  expect(await server.refusal(DELETE, { secret, variables: { ids } })).toBe('NOT_FOUND');
  for (const token of [...own, foreign]) expect(await verify(server, token.secret)).toBe(200);
});

test('no tokens, and more than a hundred, are refused with the path', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  for (const ids of [[], Array.from({ length: 101 }, (_, index) => `id ${index}`)]) {
    const { extensions } = await server.error(DELETE, { secret, variables: { ids } });
    expect(extensions.fields?.[0]?.path).toBe('ids');
  }
});

test('an identifier given twice is deleted once', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const { id } = await createToken(server, secret);
  const { deleteAccessTokens } = await server.ask(DELETE, { secret, variables: { ids: [id, id] } });
  expect(deleteAccessTokens).toEqual([id]);
});
