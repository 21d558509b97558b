import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { signedUp } from '../support/people.js';

const CREATE = 'mutation { createResourceServer(name: "wiki") { secret resourceServer { id } } }';
const ROTATE = `mutation ($id: ID!) {
  rotateResourceServerSecret(id: $id) { secret resourceServer { id name revokedAt revocationNote } }
}`;

async function asks({ url }: TestServer, secret: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`wiki:${secret}`).toString('base64')}`;
  const body = new URLSearchParams({ token: 'anything' });
  const answer = await fetch(`${url}/oauth2/introspect`, {
    method: 'POST',
    headers: { authorization },
    body,
  });
  return answer.status;
}

test('a resource server’s new secret works at once, and its old one no longer', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const made = (await server.ask(CREATE, { secret })).createResourceServer;
  const { id } = made.resourceServer;
  expect(await asks(server, made.secret)).toBe(200);

  const rotated = (await server.ask(ROTATE, { secret, variables: { id } }))
    .rotateResourceServerSecret;
  expect(rotated.resourceServer).toMatchObject({ id, name: 'wiki' });
  expect(await asks(server, made.secret)).toBe(401);
  expect(await asks(server, rotated.secret)).toBe(200);
});

test('a resource server whose secret leaked is good again with a new one', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const made = (await server.ask(CREATE, { secret })).createResourceServer;
  await fetch(`${server.url}/credentials/revoke`, {
    method: 'POST',
    body: JSON.stringify({ credentials: [made.secret] }),
  });
  await expect.poll(() => asks(server, made.secret)).toBe(401);
  const variables = { id: made.resourceServer.id };
  const rotated = (await server.ask(ROTATE, { secret, variables })).rotateResourceServerSecret;
  expect(rotated.resourceServer).toMatchObject({ revokedAt: null, revocationNote: null });
  expect(await asks(server, made.secret)).toBe(401);
  expect(await asks(server, rotated.secret)).toBe(200);
});

test('nobody but an administrator rotates one or sees the registry’s keys, and an unknown one is NOT_FOUND', async () => {
  await using server = await startServer();
  const alice = await signedUp(server, 'alice');
  const bob = await signedUp(server, 'bob');
  const { id } = (await server.ask(CREATE, { secret: alice.sessionSecret })).createResourceServer
    .resourceServer;
  const rotate = (secret: string, id: string) =>
    server.refusal(ROTATE, { secret, variables: { id } });
  expect(await rotate(bob.sessionSecret, id)).toBe('FORBIDDEN');
  expect(await rotate(alice.sessionSecret, 'nonsense')).toBe('NOT_FOUND');
  const keys = '{ registryKeys { kid } }';
  expect(await server.refusal(keys, { secret: bob.sessionSecret })).toBe('FORBIDDEN');
  expect(await server.ask(keys, { secret: alice.sessionSecret })).toEqual({ registryKeys: [] });
});
