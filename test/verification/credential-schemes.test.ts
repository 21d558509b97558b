import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';

const basic = (username: string, secret: string) =>
  `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;

test('bearer, basic, token and AccessToken carry a token, in any case', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret, id } = await createToken(server, sessionSecret, { scopes: ['READ', 'WRITE'] });
  const headers = [`Bearer ${secret}`, `bearer  ${secret}`, `token ${secret}`, `TOKEN ${secret}`];
  headers.push(`AccessToken ${secret}`, basic('alice', secret), basic('Alice', secret));
  for (const authorization of headers) {
    const answer = await rawHttp(server.url, '/auth/verify', {
      headers: [['Authorization', authorization]],
    });
    expect(answer.status, authorization.split(' ')[0]).toBe(200);
    expect(answer.headers).toMatchObject({
      'x-auth-user': 'alice',
      'x-auth-account-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-auth-token-id': id,
      'x-auth-scopes': 'READ WRITE',
    });
  }
});

test('basic with another name is refused, and tells it only to who holds the secret', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  await signedUp(server, 'bob');
  const { secret } = await createToken(server, sessionSecret);
  for (const username of ['bob', 'nobody', '']) {
    const { status, headers } = await rawHttp(server.url, '/auth/verify', {
      headers: [['Authorization', basic(username, secret)]],
    });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toContain('does not belong to the account');
    expect(headers['www-authenticate']).toContain(', Basic realm="Latchkey"');
  }
});

test('a header that cannot be read offers something wrong; none at all offers nothing', async () => {
  await using server = await startServer();
  await signedUp(server, 'alice');
  const challenge = async (headers: [string, string][]) =>
    (await rawHttp(server.url, '/auth/verify', { headers })).headers['www-authenticate'];

  expect(await challenge([])).toBe('Bearer realm="Latchkey", Basic realm="Latchkey"');
  for (const value of [
    'Bearer',
    'Bearer ',
    'Basic',
    'Basic !!!',
    'Basic YWxpY2U=',
    'Digest a',
    'x',
  ]) {
    expect(await challenge([['Authorization', value]])).toContain('error="invalid_token"');
  }
});

test('several Authorization headers are refused, whichever of them is good', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  const good = ['Authorization', `Bearer ${secret}`] as const;
  for (const other of [good, ['authorization', 'Bearer x'], ['AUTHORIZATION', '']] as const) {
    for (const headers of [
      [good, other],
      [other, good],
    ]) {
      const { status, body } = await rawHttp(server.url, '/auth/verify', { headers });
      expect(status).toBe(401);
      expect(body).toContain('several Authorization headers');
    }
  }
});
