import { expect, test } from 'vitest';
import { PASSWORD } from '../support/latchkey.js';
import { CREATE, createToken, SIGN_IN, signIn, signInRequest, signUp } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { bytesOf } from '../support/stored.js';
import { usesOf } from '../support/uses.js';

const CREATE_SERVER = 'mutation { createResourceServer(name: "wiki") { secret } }';

test('a secret in a path, a program’s name, a method or an operation is not in the record of the use', async () => {
  await using home = await makeHome();
  const server = await home.start({ LATCHKEY_REGISTRY_SERVICE: 'registry' });
  await signUp(server, 'alice');
  const { sessionSecret } = await signIn(server, 'alice');
  const { secret: leaked } = await createToken(server, sessionSecret);
  const { id, secret } = await createToken(server, sessionSecret);
  const { createResourceServer } = await server.ask(CREATE_SERVER, { secret: sessionSecret });
  const secrets = [leaked, sessionSecret, createResourceServer.secret];
  const authorization = `Bearer ${secret}`;
  const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, { ...init, headers: { authorization, ...headers } });

  for (const each of secrets) {
    const inUserAgent = { 'user-agent': `${'x'.repeat(230)} ${each}` };
    await ask(`/auth/verify/files/${each}/a`, inUserAgent);
    await ask('/auth/verify', { 'x-original-uri': `/${each}?${each}`, 'x-original-method': each });
    await ask('/auth/verify', { 'x-original-uri': `/https://alice:${each}@host/` });
    await ask(`/auth/verify?scope=read&namespace=${each}`, {});
    await ask(`/registry/token?scope=repository:${each}:pull`, inUserAgent);
    await ask(
      '/graphql',
      { ...inUserAgent, 'content-type': 'application/json' },
      {
        method: 'POST',
        body: JSON.stringify({ query: `query ${each} { viewer { account { id } } }` }),
      },
    );
    await server.ask(SIGN_IN, { ...signInRequest('alice'), headers: inUserAgent });
  }
  const { uses } = await usesOf(server, sessionSecret, {
    filter: { accessTokenId: id },
    first: 50,
  });
  expect(uses).toHaveLength(6 * secrets.length);
  expect(uses.map(({ resource }) => resource)).toContain('/files/lkp_…/a');
  expect(uses.map(({ action }) => action)).toContain('lks_…');
  expect(JSON.stringify(uses)).not.toMatch(/lk[aoprs]_[0-9A-Za-z]/);
  await server.stop();
  for (const [name, bytes] of await bytesOf(home.database)) {
    for (const each of secrets) {
      // Not a part of it either.
      expect([name, bytes.includes(each.slice(0, 12))]).toEqual([name, false]);
    }
  }
});

test('a description or a device that holds a secret is refused, field by field', async () => {
  await using home = await makeHome();
  const server = await home.start({});
  await signUp(server, 'alice');
  const { sessionSecret } = await signIn(server, 'alice');
  const { id, secret } = await createToken(server, sessionSecret);
  const asAlice = { secret: sessionSecret };
  const description = `for ${secret}, the old one`;
  const create = { input: { description, scopes: ['READ'] } };
  const rename =
    'mutation ($input: UpdateAccessTokenInput!) { updateAccessToken(input: $input) { id } }';
  const device = { id: secret, name: secret, platform: secret, appVersion: secret };
  const signInWith = { username: 'alice', password: PASSWORD, client: 'DESKTOP', device };

  const refused = [
    await server.error(CREATE, { ...asAlice, variables: create }),
    await server.error(rename, { ...asAlice, variables: { input: { id, description } } }),
    await server.error(SIGN_IN, {
      variables: { input: signInWith },
    }),
  ];
  for (const { extensions } of refused) expect(extensions.code).toBe('VALIDATION_FAILED');
  expect(refused[0]?.message).toContain('holds no secret');
  expect(refused[2]?.extensions).toMatchObject({
    fields: ['id', 'name', 'platform', 'appVersion'].map((field) => ({
      path: `input.device.${field}`,
    })),
  });
  await server.stop();
  for (const bytes of (await bytesOf(home.database)).values()) {
    expect(bytes.includes(secret)).toBe(false);
  }
});
