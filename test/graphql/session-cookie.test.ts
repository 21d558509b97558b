import { expect, test } from 'vitest';
import { graphql } from '../support/graphql.js';
import { PASSWORD, startServer, type TestServer } from '../support/latchkey.js';
import { signUp } from '../support/people.js';

const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { account { username } } }`;
const VIEWER = '{ viewer { account { username } } }';
const SIGN_OUT = 'mutation { signOut }';

async function browserSignIn(server: TestServer, headers: Record<string, string> = {}) {
  const input = { username: 'alice', password: PASSWORD, client: 'BROWSER' };
  const answer = await graphql(server.url, SIGN_IN, { variables: { input }, headers });
  return answer.headers.getSetCookie();
}

test('a browser sign-in is kept in a cookie that scripts cannot read and other sites cannot send', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');

  const [setCookie = ''] = await browserSignIn(server);

  expect(setCookie).toMatch(/^latchkey-session=lks_/);
  expect(setCookie).toContain('HttpOnly');
  expect(setCookie).toContain('SameSite=Strict');
  expect(setCookie).not.toContain('Secure');
  const cookie = setCookie.split(';')[0] ?? '';
  const answer = await server.ask(VIEWER, { headers: { cookie } });
  expect(answer.viewer.account.username).toBe('alice');
});

test('over https the cookie is bound to the host and to secure connections', async () => {
  await using server = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  await signUp(server, 'alice');

  const [setCookie] = await browserSignIn(server, { 'x-forwarded-proto': 'https' });

  expect(setCookie).toMatch(/^__Host-latchkey-session=lks_.*Path=\/;.*Secure/);
});

test('a proxy that is not trusted cannot make the cookie look secure', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');

  const [setCookie] = await browserSignIn(server, { 'x-forwarded-proto': 'https' });

  expect(setCookie).toMatch(/^latchkey-session=/);
});

test('a page of another site gets nothing by the cookie', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const [setCookie = ''] = await browserSignIn(server);
  const cookie = setCookie.split(';')[0] ?? '';

  const foreign = { cookie, origin: 'https://elsewhere.example' };

  expect(await server.refusal(VIEWER, { headers: foreign })).toBe('UNAUTHENTICATED');
  expect(await server.refusal(VIEWER, { headers: { cookie, origin: server.url } })).toBe(
    'not refused',
  );
});

test('signing out ends the session and clears the cookie', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const [setCookie = ''] = await browserSignIn(server);
  const cookie = setCookie.split(';')[0] ?? '';

  const answer = await graphql(server.url, SIGN_OUT, { headers: { cookie } });

  expect(answer.headers.getSetCookie()[0]).toContain('Expires=Thu, 01 Jan 1970');
  expect(await server.refusal(VIEWER, { headers: { cookie } })).toBe('SESSION_EXPIRED');
});

test('other sign-ins set no cookie', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const input = { username: 'alice', password: PASSWORD };

  const { headers } = await graphql(server.url, SIGN_IN, { variables: { input } });

  expect(headers.getSetCookie()).toEqual([]);
});

test('a browser is known by a second cookie, which outlives the session and no script reads', async () => {
  await using server = await startServer({
    LATCHKEY_SIGN_IN_FAILURES: '3',
    LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
  });
  await signUp(server, 'alice');
  const query = SIGN_IN.replace('account', 'deviceKey account');
  const input = { username: 'alice', password: PASSWORD, client: 'BROWSER' };
  const from = (address: string, cookie = '') => ({ 'x-forwarded-for': address, cookie });
  const signIn = (password: string, headers: Record<string, string>) =>
    graphql<{ signIn: object }>(server.url, query, {
      variables: { input: { ...input, password } },
      headers,
    });
  const first = await signIn(PASSWORD, from('192.0.2.1'));
  expect(first.data?.signIn).toMatchObject({ deviceKey: null });
  const [, device = ''] = first.headers.getSetCookie();
  expect(device).toMatch(/^latchkey-device=lkd_\w{36}; .*Path=\/; .*HttpOnly; SameSite=Strict/);
  const cookie = device.split(';')[0] ?? '';

  for (let count = 0; count < 31; count++) await signIn('wrong', from(`198.51.100.${count}`));
  const stranger = await signIn(PASSWORD, from('203.0.113.9'));
  expect(stranger.errors[0]?.extensions.code).toBe('RATE_LIMITED');
  const foreign = { ...from('203.0.113.9', cookie), origin: 'https://elsewhere.example' };
  expect((await signIn(PASSWORD, foreign)).errors[0]?.extensions.code).toBe('RATE_LIMITED');
  const known = await signIn(PASSWORD, from('203.0.113.9', cookie));
  expect(known.errors).toEqual([]);
  expect(known.headers.getSetCookie()[1]).toContain(cookie);
});

test('a browser whose device cookie is spoilt gets a new one', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const cookies = await browserSignIn(server, { cookie: 'latchkey-device=spoilt' });
  expect(cookies[1]).toMatch(/^latchkey-device=lkd_/);
});
