import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signedUp, signInOn, verify } from '../support/people.js';
import { openSocket } from '../support/socket.js';

const ROTATE = `mutation ($id: ID!, $overlap: Int) {
  rotateAccessToken(id: $id, overlapSeconds: $overlap) {
    secret
    accessToken { id description scopes expiresAt hint }
  }
}`;

async function rotate(server: TestServer, session: string, id: string, overlap?: number) {
  const request = { secret: session, variables: { id, overlap } };
  return (await server.ask(ROTATE, request)).rotateAccessToken;
}

test('a rotation gives the same token a new secret, and the old one ends at once', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const expiresAt = '2026-02-01T00:00:00.000Z';
  const { id, secret } = await createToken(server, sessionSecret, {
    description: 'ci',
    scopes: ['READ', 'DELETE'],
    expiresAt,
  });
  const rotated = await rotate(server, sessionSecret, id);

  expect(rotated.accessToken).toEqual({
    id,
    description: 'ci',
    scopes: ['READ', 'DELETE'],
    expiresAt,
    hint: `lkp_…${rotated.secret.slice(-4)}`,
  });
  expect(await verify(server, secret)).toBe(401);
  expect(await verify(server, rotated.secret)).toBe(200);
});

test('during the overlap both secrets work, then only the new one', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret);
  const rotated = await rotate(server, sessionSecret, id, 60);
  server.clock.advance(59_999);
  expect([await verify(server, secret), await verify(server, rotated.secret)]).toEqual([200, 200]);
  server.clock.advance(1);
  expect([await verify(server, secret), await verify(server, rotated.secret)]).toEqual([401, 200]);
});

test('a socket of the old secret ends with the overlap', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret);
  const rotated = await rotate(server, sessionSecret, id, 60);
  await using old = await openSocket(server.url, secret);
  await using current = await openSocket(server.url, rotated.secret);
  server.clock.advance(60_000);
  await server.server.housekeep();
  expect(await old.closed).toMatchObject({ code: 4403 });
  expect(await current.ask('{ __typename }')).toBeDefined();
});

test('a socket of the old secret ends when that is reported as leaked', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret);
  await rotate(server, sessionSecret, id, 60);
  await using socket = await openSocket(server.url, secret);
  await fetch(`${server.url}/credentials/revoke`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ credentials: [secret] }),
  });
  expect(await socket.closed).toMatchObject({ code: 4403 });
});

test('a rotation without overlap ends the secrets that earlier overlaps left', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret: first } = await createToken(server, sessionSecret);
  const { secret: second } = await rotate(server, sessionSecret, id, 3600);
  const { secret: third } = await rotate(server, sessionSecret, id, 3600);
  const statuses = async (secrets: string[]) =>
    Promise.all(secrets.map((secret) => verify(server, secret)));
  expect(await statuses([first, second, third])).toEqual([200, 200, 200]);

  const { secret: fourth } = await rotate(server, sessionSecret, id, 0);
  expect(await statuses([first, second, third, fourth])).toEqual([401, 401, 401, 200]);
});

test('a later rotation never lengthens an overlap that runs', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret);
  await rotate(server, sessionSecret, id, 60);
  await rotate(server, sessionSecret, id, 3600);
  server.clock.advance(60_000);
  expect(await verify(server, secret)).toBe(401);
});

test('an overlap has 0 seconds to a week', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret);
  for (const overlap of [-1, 7 * 24 * 3600 + 1]) {
    const request = { secret: sessionSecret, variables: { id, overlap } };
    const { extensions } = await server.error(ROTATE, request);
    expect(extensions.fields?.[0]?.path).toBe('overlapSeconds');
  }
  expect(await verify(server, secret)).toBe(200);
  await rotate(server, sessionSecret, id, 7 * 24 * 3600);
});

test('an expired token and a session token are not rotated', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const expiresAt = new Date(server.clock.now() + 1000).toISOString();
  const { id } = await createToken(server, sessionSecret, { expiresAt });
  const { accessTokenId } = await signInOn(server, 'alice', 'laptop');
  server.clock.advance(1000);
  const refusal = (target: string) =>
    server.refusal(ROTATE, { secret: sessionSecret, variables: { id: target } });

  expect(await refusal(id)).toBe('TOKEN_EXPIRED');
  expect(await refusal(accessTokenId)).toBe('CONFLICT');
});

test('of many rotations at once exactly one secret is left that works', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret);
  const rotated = await Promise.all(
    Array.from({ length: 10 }, () => rotate(server, sessionSecret, id)),
  );
  const secrets = [secret, ...rotated.map((each) => each.secret)];
  const statuses = await Promise.all(secrets.map((each) => verify(server, each)));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
});
