import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { askEndpoint, createToken, signedUp } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';
import { usesOf } from '../support/uses.js';

async function recordedOf(
  headers: Record<string, string>,
  env: Record<string, string> = {},
  proxy = 'nginx',
) {
  await using server = await startServer(env);
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  expect((await askEndpoint(server, secret, `?scope=read&proxy=${proxy}`, headers)).status).toBe(
    200,
  );
  const { uses } = await usesOf(server, sessionSecret);
  return uses[0];
}

test.each([
  [
    'nginx',
    { 'x-original-method': 'POST', 'x-original-uri': '/team.git/git-receive-pack?secret=1' },
    { action: 'POST', resource: '/team.git/git-receive-pack' },
  ],
  ['ingress-nginx', { 'x-original-url': '/v2/app?a=b' }, { action: 'GET', resource: '/v2/app' }],
  [
    'traefik',
    { 'x-forwarded-method': 'DELETE', 'x-forwarded-uri': '/v2/app/manifests/1?x' },
    { action: 'DELETE', resource: '/v2/app/manifests/1' },
  ],
  [
    'caddy',
    {
      'x-forwarded-method': 'DELETE',
      'x-forwarded-uri': '/v2/app',
      'x-original-method': 'FAKE',
      'x-original-uri': '/fake',
      'x-original-url': '/fake',
    },
    { action: 'DELETE', resource: '/v2/app' },
  ],
  ['a direct call', {}, { action: 'GET', resource: null }],
  [
    'one with control and other characters',
    { 'x-original-method': 'GE\tT', 'x-original-uri': '/caf\u00e9/menu?x=1' },
    { action: 'GE?T', resource: '/caf?/menu' },
  ],
  [
    'one that is over-long',
    { 'x-original-method': 'M'.repeat(99), 'x-original-uri': `/${'a'.repeat(2000)}` },
    { action: 'M'.repeat(32), resource: `/${'a'.repeat(255)}` },
  ],
])('what %s asks for is recorded, without a query', async (who, headers, expected) => {
  const proxy = who.includes(' ') ? 'nginx' : who;
  expect(await recordedOf(headers as Record<string, string>, {}, proxy)).toMatchObject(expected);
});

const TRUSTED = { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, 2001:db8::/32' };

test.each([
  [
    'nobody is trusted',
    { 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.2' },
    {},
    '127.0.0.1',
  ],
  ['a trusted proxy wrote it', { 'x-forwarded-for': '192.0.2.1' }, TRUSTED, '192.0.2.1'],
  [
    'a caller put one before it',
    { 'x-forwarded-for': '198.51.100.1, 192.0.2.1' },
    TRUSTED,
    '192.0.2.1',
  ],
  [
    'two trusted proxies wrote it',
    { 'x-forwarded-for': '192.0.2.1, 10.1.2.3' },
    TRUSTED,
    '192.0.2.1',
  ],
  ['all of them are trusted', { 'x-forwarded-for': '10.0.0.1, 10.0.0.2' }, TRUSTED, '10.0.0.1'],
  ['it holds nonsense', { 'x-forwarded-for': '192.0.2.1, unknown' }, TRUSTED, '127.0.0.1'],
  ['only x-real-ip is there', { 'x-real-ip': '192.0.2.2' }, TRUSTED, '192.0.2.2'],
  ['x-real-ip is nonsense', { 'x-real-ip': 'nonsense' }, TRUSTED, '127.0.0.1'],
  [
    'it is IPv6 by a trusted network',
    { 'x-forwarded-for': '2a00::1, 2001:db8::7' },
    TRUSTED,
    '2a00::1',
  ],
  ['it is IPv4 in IPv6', { 'x-forwarded-for': '::ffff:192.0.2.1' }, TRUSTED, '192.0.2.1'],
  ['it is so in hex', { 'x-forwarded-for': '0:0:0:0:0:FFFF:c000:201' }, TRUSTED, '192.0.2.1'],
  ['a proxy is so in hex', { 'x-forwarded-for': '192.0.2.1, ::ffff:a00:1' }, TRUSTED, '192.0.2.1'],
  [
    'the trusted proxy is named so',
    { 'x-forwarded-for': '192.0.2.1' },
    { LATCHKEY_TRUSTED_PROXIES: '::ffff:7f00:0/104' },
    '192.0.2.1',
  ],
  ['it has a port', { 'x-forwarded-for': '203.0.113.7:52344' }, TRUSTED, '203.0.113.7'],
  ['every one has', { 'x-forwarded-for': '203.0.113.7:1, 10.0.0.1:2' }, TRUSTED, '203.0.113.7'],
  ['it has brackets', { 'x-forwarded-for': '[2A00:0::1]' }, TRUSTED, '2a00::1'],
  ['it has brackets and a port', { 'x-forwarded-for': '[2a00::1]:443' }, TRUSTED, '2a00::1'],
  ['x-real-ip has a port', { 'x-real-ip': '203.0.113.7:52344' }, TRUSTED, '203.0.113.7'],
  ['RFC 7239 says it', { forwarded: 'for=203.0.113.7;proto=https' }, TRUSTED, '203.0.113.7'],
  [
    'RFC 7239 says it with quotes, ports and proxies',
    { forwarded: 'by="a,b";For="[2a00::1]:443", for="10.1.2.3:80";by=x' },
    TRUSTED,
    '2a00::1',
  ],
  ['RFC 7239 hides it', { forwarded: 'for=_hidden' }, TRUSTED, '127.0.0.1'],
  ['nobody is trusted with RFC 7239', { forwarded: 'for=203.0.113.7' }, {}, '127.0.0.1'],
])("the caller's address where %s", async (_when, headers, env, expected) => {
  const recorded = await recordedOf(
    headers as Record<string, string>,
    env as Record<string, string>,
  );
  expect(recorded?.ipAddress).toBe(expected);
});

test('the path that Envoy appends is what was asked for, by any method', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const { status } = await rawHttp(server.url, '/auth/verify/v2/app/blobs?scope=read&x=1', {
      method,
      headers: [['Authorization', `Bearer ${secret}`]],
    });
    expect(status).toBe(200);
    expect((await usesOf(server, sessionSecret)).uses[0]).toMatchObject({
      action: method,
      resource: '/v2/app/blobs',
    });
  }
  expect((await rawHttp(server.url, '/auth/verifyx')).status).toBe(404);
});
