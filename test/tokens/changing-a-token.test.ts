import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';

const UPDATE = `mutation ($input: UpdateAccessTokenInput!) {
  updateAccessToken(input: $input) { description status }
}`;
const update = (secret: string, input: object) => ({ secret, variables: { input } });

test('a rename changes the description and nothing else', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret);
  expect(
    await server.ask(UPDATE, update(sessionSecret, { id, description: ' new name ' })),
  ).toEqual({ updateAccessToken: { description: 'new name', status: 'ACTIVE' } });
  expect(await verify(server, secret, '?scope=read')).toBe(200);

  const { extensions } = await server.error(UPDATE, update(sessionSecret, { id, description: '' }));
  expect(extensions.fields?.[0]?.path).toBe('input.description');
});

test('a deactivated token is refused at once and works again when it is activated', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret);
  for (const active of [false, true, true, false, false, true]) {
    await server.ask(UPDATE, update(sessionSecret, { id, active }));
    expect(await verify(server, secret)).toBe(active ? 200 : 401);
  }
});

test('an expiry cannot be edited', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id } = await createToken(server, sessionSecret);
  const input = { id, expiresAt: new Date(server.clock.now() + DAY).toISOString() };
  expect(await server.refusal(UPDATE, update(sessionSecret, input))).toBe('VALIDATION_FAILED');
});

test('a token is refused from the moment at which it expires', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const expiresAt = new Date(server.clock.now() + 1000).toISOString();
  const { secret } = await createToken(server, sessionSecret, { expiresAt });
  server.clock.advance(999);
  expect(await verify(server, secret)).toBe(200);
  server.clock.advance(1);
  expect(await verify(server, secret)).toBe(401);
});

test('a removed token cannot be changed, and says why', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const { id } = await createToken(server, secret);
  await server.ask(`mutation { deleteAccessTokens(ids: ["${id}"]) }`, { secret });

  const changed = await server.error(UPDATE, update(secret, { id, active: true }));
  expect(changed).toMatchObject({
    message: expect.stringContaining('Deleted by alice'),
    extensions: { code: 'TOKEN_REMOVED' },
  });
  const rotate = `mutation { rotateAccessToken(id: "${id}") { secret } }`;
  expect(await server.refusal(rotate, { secret })).toBe('TOKEN_REMOVED');
});

test("another account's token is answered as if it did not exist, and stays as it is", async () => {
  await using server = await startServer();
  const alice = await signedUp(server, 'alice');
  const bob = await signedUp(server, 'bob');
  const { id, secret } = await createToken(server, alice.sessionSecret);
  const attempts = (target: string) => [
    `mutation { updateAccessToken(input: { id: "${target}", active: false }) { id } }`,
    `mutation { rotateAccessToken(id: "${target}") { secret } }`,
    `mutation { deleteAccessTokens(ids: ["${target}"]) }`,
    `{ usageEvents(filter: { accessTokenId: "${target}" }) { edges { cursor } } }`,
  ];
  const unknown = attempts('00000000-0000-7000-8000-000000000000');
  for (const [index, attempt] of attempts(id).entries()) {
    const error = await server.error(attempt, { secret: bob.sessionSecret });
    expect(error.extensions.code).toBe('NOT_FOUND');
    expect(error).toEqual(await server.error(unknown[index] ?? '', { secret: bob.sessionSecret }));
  }
  const read = await server.ask(`{ accessToken(id: "${id}") { id } }`, {
    secret: bob.sessionSecret,
  });
  expect(read.accessToken).toBeNull();
  expect(await verify(server, secret)).toBe(200);
});
