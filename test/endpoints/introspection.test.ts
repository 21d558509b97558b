import * as oauth from 'oauth4webapi';
import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { basic, bearer, type Person, person } from './support/people.js';

const INSECURE = { [oauth.allowInsecureRequests]: true };
const CONFIGURED = 'a-secret-that-is-long-enough-to-be-one';

async function createResourceServer(latchkey: TestServer, who: Person, name: string) {
  const mutation =
    'mutation ($name: String!) { createResourceServer(name: $name) { secret resourceServer { id } } }';
  const options = { secret: who.sessionSecret, variables: { name } };
  return (await latchkey.ask(mutation, options)).createResourceServer as {
    secret: string;
    resourceServer: { id: string };
  };
}

async function discover(latchkey: TestServer): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(latchkey.url);
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...INSECURE });
  return oauth.processDiscoveryResponse(issuer, answer);
}

test('an OAuth client discovers the endpoints, introspects a token and revokes it', async () => {
  await using latchkey = await startServer();
  const alice = await person(latchkey, 'alice');
  const token = await alice.token(['READ', 'WRITE'], '2026-02-01T00:00:00.000Z');
  const { secret } = await createResourceServer(latchkey, alice, 'wiki');
  const server = await discover(latchkey);
  const client = { client_id: 'wiki' };
  const introspect = async (authentication: oauth.ClientAuth) =>
    oauth.processIntrospectionResponse(
      server,
      client,
      await oauth.introspectionRequest(server, client, authentication, token.secret, INSECURE),
    );

  expect(await introspect(oauth.ClientSecretBasic(secret))).toEqual({
    active: true,
    scope: 'READ WRITE',
    username: 'alice',
    sub: expect.any(String),
    jti: token.id,
    iss: latchkey.url,
    token_type: 'Bearer',
    exp: Date.UTC(2026, 1, 1) / 1000,
  });
  const byForm = oauth.ClientSecretPost(secret);
  expect(await introspect(byForm)).toMatchObject({ active: true });
  const revoked = await oauth.revocationRequest(server, client, byForm, token.secret, INSECURE);
  await oauth.processRevocationResponse(revoked);
  expect(await introspect(byForm)).toEqual({ active: false });

  const { accessToken } = await latchkey.ask(
    `{ accessToken(id: "${token.id}") { removalNote usageEvents { edges { node { endpoint action resource outcome } } } } }`,
    { secret: alice.sessionSecret },
  );
  expect(accessToken.removalNote).toBe('Revoked by the resource server wiki.');
  const use = { endpoint: 'INTROSPECTION', action: 'introspect', resource: 'wiki' };
  expect(accessToken.usageEvents.edges.map(({ node }: { node: object }) => node)).toEqual([
    { ...use, outcome: 'REFUSED' },
    { ...use, outcome: 'ALLOWED' },
    { ...use, outcome: 'ALLOWED' },
  ]);
});

test('a secret with + and % is good as it is and encoded as a form has it', async () => {
  const configured = 'SlZ0+Wq9/%41bC+dEf%2BgHiJkLmNoPqRsTuVwXyZ=';
  await using latchkey = await startServer({ LATCHKEY_RESOURCE_SERVERS: `shop:${configured}` });
  const { secret: token } = await (await person(latchkey, 'alice')).token();
  const statusOf = async (headers: Record<string, string>) => {
    const body = new URLSearchParams({ token });
    const endpoint = `${latchkey.url}/oauth2/introspect`;
    return (await fetch(endpoint, { method: 'POST', headers, body })).status;
  };
  const encoded = new URLSearchParams({ '': configured }).toString().slice(1);
  expect(await statusOf(basic('shop', configured))).toBe(200);
  expect(await statusOf(basic('shop', encoded))).toBe(200);
  expect(await statusOf(basic('shop', configured.replaceAll('+', ' ')))).toBe(401);
});

test('a client that is refused is challenged with the scheme it tried (RFC 6749, section 5.2)', async () => {
  await using latchkey = await startServer({ LATCHKEY_RESOURCE_SERVERS: `shop:${CONFIGURED}` });
  const challenge = async (headers: Record<string, string>, form = {}) => {
    const body = new URLSearchParams({ token: 'any', ...form });
    const endpoint = `${latchkey.url}/oauth2/introspect`;
    const answer = await fetch(endpoint, { method: 'POST', headers, body });
    expect(answer.status).toBe(401);
    return answer.headers.get('www-authenticate');
  };
  const byBasic = 'Basic realm="Latchkey"';
  expect(await challenge({})).toBe(byBasic);
  expect(await challenge({}, { client_id: 'shop', client_secret: 'another' })).toBe(byBasic);
  expect(await challenge(basic('shop', 'another'))).toBe(byBasic);
  expect(await challenge(bearer('another'))).toMatch(
    /^Bearer realm="Latchkey", error="invalid_token", error_description="[^"]+"$/,
  );
});

test('whatever is not good is inactive and nothing more, and only registered servers may ask', async () => {
  await using latchkey = await startServer({ LATCHKEY_RESOURCE_SERVERS: `shop:${CONFIGURED}` });
  const alice = await person(latchkey, 'alice');
  const bob = await person(latchkey, 'bob');
  const made = await createResourceServer(latchkey, alice, 'wiki');
  const [good, off] = await Promise.all([bob.token(), bob.token()]);
  await latchkey.ask(
    `mutation { updateAccessToken(input: { id: "${off.id}", active: false }) { id } }`,
    {
      secret: bob.sessionSecret,
    },
  );
  const ask = async (headers: Record<string, string>, token: string, path = 'introspect') => {
    const body = new URLSearchParams({ token });
    return fetch(`${latchkey.url}/oauth2/${path}`, { method: 'POST', headers, body });
  };
  const shop = basic('shop', CONFIGURED);

  for (const token of [off.secret, `${good.secret}0`, bob.sessionSecret, made.secret, 'junk', '']) {
    expect(await (await ask(shop, token)).json()).toEqual({ active: false });
  }
  expect((await ask(shop, 'unknown', 'revoke')).status).toBe(200);
  expect(await (await ask(shop, good.secret)).json()).toMatchObject({ active: true });
  expect((await ask(bearer(made.secret), good.secret)).status).toBe(200);
  const strangers = [
    {},
    basic('shop', 'another'),
    basic('wiki', CONFIGURED),
    basic('alice', good.secret),
    bearer(good.secret),
  ];
  for (const headers of strangers) {
    for (const path of ['introspect', 'revoke']) {
      const answer = await ask(headers, good.secret, path);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: 'invalid_client' });
    }
  }
  expect(await (await ask(shop, good.secret)).json()).toMatchObject({ active: true });

  const create = 'mutation { createResourceServer(name: "mine") { secret } }';
  expect(await latchkey.refusal(create, { secret: bob.sessionSecret })).toBe('FORBIDDEN');
  const remove = `mutation { deleteResourceServer(id: "${made.resourceServer.id}") }`;
  expect(await latchkey.refusal(remove, { secret: bob.sessionSecret })).toBe('FORBIDDEN');
  await latchkey.ask(remove, { secret: alice.sessionSecret });
  expect((await ask(bearer(made.secret), good.secret)).status).toBe(401);
});
