import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { askEndpoint, createToken, signedUp, verify } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';

test('a token does what its scopes say, and what it lacks is named (RFC 6750, section 3.1)', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret, { scopes: ['READ', 'WRITE'] });
  for (const query of ['', '?scope=read', '?scope=WRITE', '?scope=read,write', '?proxy=caddy']) {
    expect(await verify(server, secret, query)).toBe(200);
  }
  for (const query of ['?scope=delete', '?scope=read,delete', '?scope=read+delete']) {
    const response = await askEndpoint(server, secret, query);
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="Latchkey", error="insufficient_scope", ' +
        'error_description="This token lacks DELETE.", scope="DELETE"',
    );
    expect(await response.json()).toEqual({
      error: 'insufficient_scope',
      error_description: 'This token lacks DELETE.',
    });
  }
  const { secret: reader } = await createToken(server, sessionSecret, { scopes: ['READ'] });
  expect(
    (await askEndpoint(server, reader, '?scope=write,delete')).headers.get('www-authenticate'),
  ).toContain('scope="WRITE DELETE"');
});

test('a scope or a parameter that is none is an invalid request, never a grant', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret, { scopes: ['READ'] });
  for (const query of [
    '?scope=',
    '?scope=admin',
    '?scope=read,all',
    '?scope=*',
    '?Scope=write',
    '?scope[]=write',
    '?scopes=write',
    '?scope=read&other=1',
    '?scope=read&scope=read',
    '?scope=read&namespace=',
    '?scope=read&namespace=alice&namespace=alice',
    '?namespace=alice',
    '?scope=read&Namespace=alice',
    '?scope=read&proxy=other',
    '?scope=read&proxy=constructor',
    '?write',
  ]) {
    const response = await askEndpoint(server, secret, query);
    expect(response.status, query).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  }
});

test('GET, HEAD and POST ask alike, and an answer is never cached', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  for (const [authorization, status] of [
    [`Bearer ${secret}`, 200],
    ['Bearer wrong', 401],
  ] as const) {
    const answers = [];
    for (const method of ['GET', 'HEAD', 'POST']) {
      const { headers, ...answer } = await rawHttp(server.url, '/auth/verify', {
        method,
        headers: [['Authorization', authorization]],
        body: method === 'POST' ? 'a body that nobody reads' : '',
      });
      expect(answer.status).toBe(status);
      if (method === 'HEAD') expect(answer.body).toBe('');
      answers.push({ ...headers, date: '' });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ 'cache-control': 'no-store' });
  }
  const put = await rawHttp(server.url, '/auth/verify', { method: 'PUT' });
  expect([put.status, put.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
});

test('a thousand bad credentials get 401 each, never 429 and never 5xx', async () => {
  await using server = await startServer();
  await signedUp(server, 'alice');
  const statuses = new Set<number>();
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => verify(server, `lkp_guess${round}${index}`)),
    );
    for (const status of answers) statuses.add(status);
  }
  expect([...statuses]).toEqual([401]);
});

test('a namespace of any length makes no challenge that a proxy would find too long', async () => {
  await using server = await startServer();
  await signedUp(server, 'administrator');
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  const namespace = 'a'.repeat(10_000);
  const answer = await askEndpoint(server, secret, `?scope=read&namespace=${namespace}`);
  expect(answer.status).toBe(403);
  expect(answer.headers.get('www-authenticate')?.length).toBeLessThan(300);
});
