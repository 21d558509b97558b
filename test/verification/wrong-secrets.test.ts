import { expect, test } from 'vitest';
import { newSecret } from '../../packages/server/dist/crypto/secret.js';
import { PASSWORD, startServer } from '../support/latchkey.js';
import { createToken, signedUp, signInOn } from '../support/people.js';

const REGISTRY = {
  LATCHKEY_REGISTRY_SERVICE: 'registry',
  LATCHKEY_REGISTRY_URL: 'http://127.0.0.1:1',
};
const basic = (secret: string) => `Basic ${Buffer.from(`alice:${secret}`).toString('base64')}`;

/** What every endpoint that takes a token answers, its status and the sentence. */
async function answersTo(url: string, authorization: string): Promise<string[]> {
  const headers = { authorization, 'content-type': 'application/json' };
  const paths = [
    '/auth/verify',
    '/registry/token?service=registry&scope=repository:alice/app:pull',
    '/api/whoami-v2',
    '/api/v0/repositories',
  ];
  const answers = paths.map(async (path) => {
    const answer = await fetch(url + path, { headers });
    return `${answer.status} ${await answer.text()}`;
  });
  const body = JSON.stringify({ query: '{ viewer { account { id } } }' });
  const graphql = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  return [...(await Promise.all(answers)), `401 ${await graphql.text()}`];
}

test('a password is told to be no token on every endpoint, the right one and a wrong one alike', async () => {
  await using server = await startServer(REGISTRY);
  await signedUp(server, 'alice');
  for (const scheme of [basic, (secret: string) => `Bearer ${secret}`]) {
    const right = await answersTo(server.url, scheme(PASSWORD));
    for (const answer of right) {
      expect(answer).toMatch(/^401 /);
      expect(answer).toContain('This is not a token. Tokens begin with lkp_ or lka_.');
      expect(answer).toContain('A password does not work here');
    }
    for (const secret of ['a wrong password', 'lkp', 'ghp_aToken', '']) {
      expect(await answersTo(server.url, scheme(secret))).toEqual(right);
    }
  }
});

test('a secret of another kind is told for what it is, whether it exists or not', async () => {
  await using server = await startServer(REGISTRY);
  await signedUp(server, 'alice');
  const { sessionSecret, deviceKey = '' } = await signInOn(server, 'alice', 'laptop');
  const cases = [
    [sessionSecret, newSecret('SESSION'), "a session's secret, which works in the GraphQL API"],
    [deviceKey, newSecret('DEVICE'), "a device's key, which works at its sign-in alone"],
    [newSecret('RESOURCE_SERVER'), newSecret('RESOURCE_SERVER'), "a resource server's secret"],
  ] as const;
  for (const [real, made, what] of cases) {
    // GraphQL, the last, takes a session's.
    const answers = (await answersTo(server.url, basic(real))).slice(0, -1);
    for (const answer of answers) expect(answer).toContain(`This is ${what}`);
    expect((await answersTo(server.url, basic(made))).slice(0, -1)).toEqual(answers);
  }
});

test('a token that was cut or mistyped is told to be copied whole', async () => {
  await using server = await startServer(REGISTRY);
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  for (const wrong of [secret.slice(0, -1), `${secret}x`, newSecret('PERSONAL'), 'lkp_']) {
    for (const answer of await answersTo(server.url, basic(wrong))) {
      expect(answer).toContain('not a valid access token. Check that it was copied whole');
    }
  }
});
