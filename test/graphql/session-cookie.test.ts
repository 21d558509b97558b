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
