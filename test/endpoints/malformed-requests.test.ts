import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { basic, person } from './support/people.js';

const REQUESTS = 2000;
const AT_ONCE = 20;
const PATHS = [
  '/registry/token',
  '/registry/jwks.json',
  '/registry/certificate.pem',
  '/oauth2/introspect',
  '/oauth2/revoke',
  '/.well-known/oauth-authorization-server',
  '/api/whoami-v2',
  '/api/v0/repositories',
  '/credentials/revoke',
  '/auth/verify',
] as const;
const SECRET = 'a-secret-that-is-long-enough-to-be-one';

/** The same numbers for the same seed (mulberry32), so that a failure comes back. */
function randomFrom(seed: number): <T>(choices: readonly T[]) => T {
  let state = seed;
  return (choices) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return choices[((mixed ^ (mixed >>> 14)) >>> 0) % choices.length] as never;
  };
}

function requestsFor(path: string, secret: string): () => string {
  const pick = randomFrom(path.length * 7919);
  const texts = [
    '',
    '%',
    '%zz',
    '%00',
    '\u00ff\u00fe',
    'a'.repeat(5000),
    '[]',
    '{"a":',
    secret,
    '::::',
    '-1',
    'é',
    '%0d%0a',
  ];
  const names = [
    'scope',
    'service',
    'account',
    'token',
    'grant_type',
    'username',
    'password',
    'refresh_token',
    'client_id',
    'client_secret',
    'pageSize',
    'pageStart',
    'namespace',
    'credentials',
  ];
  const values = [
    'password',
    'refresh_token',
    'repository:a/b:pull',
    'repository:a:b:c:*',
    'registry:catalog:*',
    'repository',
    ...texts,
  ];
  const pair = () => `${pick(names)}=${pick(values)}`;
  const fields = () => Array.from({ length: pick([0, 1, 2, 5, 80]) }, pair).join('&');
  const authorizations = [
    '',
    'Authorization: Basic\r\n',
    'Authorization: Basic ====\r\n',
    `Authorization: Bearer ${secret}\r\n`,
    `Authorization: ${basic('shop', SECRET).authorization}\r\n`,
    `Authorization: ${basic('%zz', '%')['authorization']}\r\n`,
    'Authorization: Bearer a\r\nAuthorization: Basic b\r\n',
    `Authorization: Digest ${'x'.repeat(3000)}\r\n`,
    'Authorization: \u00ff\r\n',
  ];
  const types = [
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=nonsense',
    'application/json',
    'text/plain',
    'multipart/form-data',
    ';;;',
    '',
  ];
  const bodies = () =>
    pick([
      fields(),
      pick(texts),
      '{"credentials":[null]}',
      '{"credentials":{}}',
      `{"credentials":["${'x'.repeat(2000)}"]}`,
      '[['.repeat(3000),
      'x'.repeat(200_000),
    ]);
  // Each from an address of its own, so that no throttle answers in the endpoint's place.
  let count = 0;
  return () => {
    const body = Buffer.from(bodies(), 'latin1');
    const query = pick(['', '?', `?${fields()}`, '?&&==']).replace(/[^\x21-\x7e]/g, '%ff');
    const method = pick([
      'GET',
      'GET',
      'POST',
      'POST',
      'POST',
      'HEAD',
      'PUT',
      'DELETE',
      'OPTIONS',
      'PATCH',
    ]);
    return (
      `${method} ${path}${query.slice(0, 8000)} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.${count >> 8}.${count++ & 255}\r\nConnection: close\r\n${pick(authorizations)}` +
      `Content-Type: ${pick(types)}\r\nContent-Length: ${body.length}\r\n\r\n${body.toString('latin1')}`
    );
  };
}

/** The status that the server at `port` answers `request` with; 0 where it hangs up. */
async function statusOf(port: number, request: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.write(Buffer.from(request, 'latin1'));
  await once(socket, 'close');
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}

test.each(PATHS)('%s answers 2,000 malformed requests without a 5xx', async (path) => {
  await using latchkey = await startServer({
    LATCHKEY_REGISTRY_SERVICE: 'test-registry',
    LATCHKEY_REGISTRY_URL: 'http://127.0.0.1:1',
    LATCHKEY_RESOURCE_SERVERS: `shop:${SECRET}`,
    LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
  });
  // A token without a scope that the catalog needs: nothing is there to answer for it.
  const { secret } = await (await person(latchkey, 'alice')).token(['WRITE']);
  const next = requestsFor(path, secret);
  const port = Number(new URL(latchkey.url).port);
  const failures: string[] = [];
  const statuses = new Map<number, number>();
  for (let count = 0; count < REQUESTS; count += AT_ONCE) {
    const requests = Array.from({ length: AT_ONCE }, next);
    const answers = await Promise.all(requests.map((request) => statusOf(port, request)));
    answers.forEach((status, index) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500) failures.push(`${status}: ${requests[index]?.slice(0, 500)}`);
    });
  }
  expect(failures).toEqual([]);
  // Hanging up is for bodies that nobody read to their end.
  expect(statuses.get(0) ?? 0).toBeLessThan(REQUESTS / 2);
  expect(statuses.get(429)).toBeUndefined();
  expect((await fetch(`${latchkey.url}/readyz`)).status).toBe(200);
});
