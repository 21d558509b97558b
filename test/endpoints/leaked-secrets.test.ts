import { randomBytes } from 'node:crypto';
import { makeSecret, type SecretKind } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { verify } from '../support/people.js';
import { openSocket } from '../support/socket.js';
import { openStored } from '../support/stored.js';
import { until } from '../support/until.js';
import { basic, bearer, person } from './support/people.js';

const newSecret = (kind: SecretKind) => makeSecret(kind, randomBytes);

function report(latchkey: TestServer, body: unknown, headers = {}): Promise<Response> {
  return fetch(`${latchkey.url}/credentials/revoke`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

test('a reported token and a reported session are over, and their owner is told why', async () => {
  await using latchkey = await startServer();
  const alice = await person(latchkey, 'alice');
  const bob = await person(latchkey, 'bob');
  const [leaked, kept] = [await alice.token(), await alice.token()];
  await using socket = await openSocket(latchkey.url, alice.sessionSecret);
  const feed = await socket.subscribe(
    'subscription { accessTokenChanged { kind accessToken { id removalReason } } }',
  );
  const junk = Array.from({ length: 997 }, (_, index) => `junk ${index}`);
  const credentials = [...junk, leaked.secret, leaked.secret, bob.sessionSecret];

  expect((await report(latchkey, { credentials })).status).toBe(202);
  const accessToken = { id: leaked.id, removalReason: 'REPORTED_LEAKED' };
  expect(await feed.next()).toEqual({ accessTokenChanged: { kind: 'REMOVED', accessToken } });
  expect(await verify(latchkey, leaked.secret)).toBe(401);
  expect(await verify(latchkey, kept.secret)).toBe(200);
  const tombstone = await latchkey.ask(
    `{ accessToken(id: "${leaked.id}") { status removalReason removalNote } }`,
    { secret: alice.sessionSecret },
  );
  expect(tombstone.accessToken).toEqual({
    status: 'REMOVED',
    removalReason: 'REPORTED_LEAKED',
    removalNote: 'The secret was found and reported as leaked, from 127.0.0.1.',
  });
  const endpoint = await fetch(`${latchkey.url}/auth/verify`, { headers: bearer(leaked.secret) });
  expect(endpoint.headers.get('www-authenticate')).toContain('found and reported as leaked');
  const asBob = { secret: bob.sessionSecret };
  expect(await latchkey.error('{ viewer { account { id } } }', asBob)).toMatchObject({
    message: expect.stringContaining('reported as leaked'),
    extensions: { code: 'SESSION_EXPIRED' },
  });
});

test('a long report is worked off in steps that others can come between, and may be sent again', async () => {
  await using latchkey = await startServer();
  const alice = await person(latchkey, 'alice');
  const tokens = await Promise.all(Array.from({ length: 100 }, () => alice.token()));
  const credentials = tokens.map(({ secret }) => secret);
  await using stored = await openStored(latchkey.database);
  const countRemoved = async () => {
    const counted = 'SELECT COUNT(*) AS count FROM access_tokens WHERE removedAt IS NOT NULL';
    return Number((await stored.all<{ count: number }>(counted))[0]?.count);
  };
  let status = 0;
  const reported = report(latchkey, { credentials }).then((answer) => {
    status = answer.status;
  });
  const seen = new Set<number>();
  await until('the report is answered', 20_000, async () => {
    seen.add(await countRemoved());
    return status !== 0;
  });
  await reported;
  expect(status).toBe(202);
  expect([...seen].filter((count) => count > 0 && count < 100)).not.toEqual([]);
  expect(await countRemoved()).toBe(100);
  expect((await report(latchkey, { credentials })).status).toBe(202);
  for (const { secret } of tokens.slice(-3)) expect(await verify(latchkey, secret)).toBe(401);
});

test('a secret that was rotated away ends alone: the new one goes on working', async () => {
  await using latchkey = await startServer();
  const alice = await person(latchkey, 'alice');
  const { id, secret: old } = await alice.token();
  const { rotateAccessToken } = await latchkey.ask(
    `mutation { rotateAccessToken(id: "${id}", overlapSeconds: 3600) { secret } }`,
    { secret: alice.sessionSecret },
  );
  expect(await verify(latchkey, old)).toBe(200);
  await report(latchkey, { credentials: [old] });
  expect(await verify(latchkey, old)).toBe(401);
  expect(await verify(latchkey, rotateAccessToken.secret)).toBe(200);
});

test('the owner of a secret that was rotated away hears among its uses that it was reported', async () => {
  await using latchkey = await startServer();
  const alice = await person(latchkey, 'alice');
  const { id, secret: old } = await alice.token();
  const rotate = `mutation { rotateAccessToken(id: "${id}", overlapSeconds: 3600) { secret } }`;
  await latchkey.ask(rotate, { secret: alice.sessionSecret });
  await using socket = await openSocket(latchkey.url, alice.sessionSecret);
  const uses = await socket.subscribe(
    'subscription { usageEventRecorded { accessTokenId outcome reason action ipAddress } }',
  );
  // Told once, however often it is reported.
  await report(latchkey, { credentials: [old, old] });
  await report(latchkey, { credentials: [old] });
  const told = {
    accessTokenId: id,
    outcome: 'REFUSED',
    reason: expect.stringContaining('reported as leaked, from 127.0.0.1'),
    action: 'report',
    ipAddress: '127.0.0.1',
  };
  expect(await uses.next()).toEqual({ usageEventRecorded: told });
  const { usageEvents } = await latchkey.ask(
    '{ usageEvents { edges { node { accessTokenId outcome reason action ipAddress } } } }',
    { secret: alice.sessionSecret },
  );
  expect(usageEvents.edges).toEqual([{ node: told }]);
});

test('a reported resource server asks no more, and administrators see why', async () => {
  const configured = newSecret('RESOURCE_SERVER');
  await using latchkey = await startServer({ LATCHKEY_RESOURCE_SERVERS: `shop:${configured}` });
  const alice = await person(latchkey, 'alice');
  const token = await alice.token();
  const create = 'mutation { createResourceServer(name: "wiki") { secret } }';
  const asAlice = { secret: alice.sessionSecret };
  const { createResourceServer: wiki } = await latchkey.ask(create, asAlice);
  const introspect = async (name: string, secret: string) => {
    const body = new URLSearchParams({ token: token.secret });
    const headers = basic(name, secret);
    return (await fetch(`${latchkey.url}/oauth2/introspect`, { method: 'POST', headers, body }))
      .status;
  };
  const listed = async () =>
    (await latchkey.ask('{ resourceServers { name revokedAt revocationNote } }', asAlice))
      .resourceServers;
  expect(await introspect('wiki', wiki.secret)).toBe(200);
  expect(await listed()).toEqual([{ name: 'wiki', revokedAt: null, revocationNote: null }]);

  const credentials = [wiki.secret, newSecret('RESOURCE_SERVER'), configured];
  for (const _ of ['once', 'again']) {
    expect((await report(latchkey, { credentials })).status).toBe(202);
    expect(await introspect('wiki', wiki.secret)).toBe(401);
    expect(await listed()).toEqual([
      {
        name: 'wiki',
        revokedAt: '2026-01-15T12:00:00.000Z',
        revocationNote: 'The secret was found and reported as leaked, from 127.0.0.1.',
      },
    ]);
    latchkey.clock.advance(60_000);
  }
  // The configuration alone ends what it holds.
  expect(await introspect('shop', configured)).toBe(200);
});

test('the answer is 202 whatever the secrets were, and what is no report changes nothing', async () => {
  await using latchkey = await startServer();
  const { secret } = await (await person(latchkey, 'alice')).token();
  for (const credentials of [[], ['junk'], [`${secret}0`]]) {
    expect((await report(latchkey, { credentials })).status).toBe(202);
  }
  const tooMany = { credentials: Array.from({ length: 1001 }, () => secret) };
  for (const body of [
    '',
    '{',
    '[]',
    { credentials: secret },
    { credentials: [1, secret] },
    tooMany,
  ]) {
    expect((await report(latchkey, body)).status).toBe(400);
  }
  expect(await verify(latchkey, secret)).toBe(200);
});

test('reports are throttled by address', async () => {
  await using latchkey = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  const from = (address: string) =>
    report(latchkey, { credentials: [] }, { 'x-forwarded-for': address });
  let answer = await from('203.0.113.1');
  for (let count = 0; count < 100 && answer.status === 202; count++)
    answer = await from('203.0.113.1');
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await from('203.0.113.2')).status).toBe(202);
});
