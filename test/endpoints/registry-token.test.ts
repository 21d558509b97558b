import { createHash, X509Certificate } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { openStored } from '../support/stored.js';
import { basic, bearer, person } from './support/people.js';
import { havePrograms, run } from './support/programs.js';

const SERVICE = 'test-registry';
const start = () => startServer({ LATCHKEY_REGISTRY_SERVICE: SERVICE });

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { errors?: { code: string; message: string }[] };
  readonly access: unknown;
  readonly claims: JWTPayload;
}

async function verified(latchkey: TestServer, response: Response): Promise<Answer> {
  const body = (await response.json()) as Answer['body'];
  if (response.status !== 200)
    return { status: response.status, body, access: undefined, claims: {} };
  const keys = createLocalJWKSet(
    (await (await fetch(`${latchkey.url}/registry/jwks.json`)).json()) as never,
  );
  const { payload } = await jwtVerify(String(body['access_token']), keys, {
    issuer: 'latchkey',
    audience: SERVICE,
    algorithms: ['ES256'],
    currentDate: new Date(latchkey.clock.now()),
  });
  return { status: 200, body, access: payload['access'], claims: payload };
}

async function get(latchkey: TestServer, query: string, headers: Record<string, string> = {}) {
  return verified(latchkey, await fetch(`${latchkey.url}/registry/token?${query}`, { headers }));
}

async function post(latchkey: TestServer, form: Record<string, string>) {
  const body = new URLSearchParams(form);
  return verified(
    latchkey,
    await fetch(`${latchkey.url}/registry/token`, { method: 'POST', body }),
  );
}

const repository = (name: string, ...actions: string[]) => ({ type: 'repository', name, actions });

test('what is granted is the part of what was asked for that is allowed, and * is spelled out', async () => {
  await using latchkey = await start();
  const root = await person(latchkey, 'root');
  const bob = await person(latchkey, 'bob');
  const [all, read, write] = [
    await bob.token(),
    await bob.token(['READ']),
    await bob.token(['WRITE']),
  ];
  const administrator = await root.token();
  const asked = async (who: string, secret: string, ...scopes: string[]) =>
    (await get(latchkey, scopes.map((scope) => `scope=${scope}`).join('&'), basic(who, secret)))
      .access;

  expect(await asked('bob', all.secret)).toEqual([]);
  expect(await asked('bob', all.secret, 'repository:bob/a:*')).toEqual([
    repository('bob/a', 'pull', 'push', 'delete'),
  ]);
  expect(await asked('bob', read.secret, 'repository:bob/a:*', 'repository:bob/a:delete')).toEqual([
    repository('bob/a', 'pull'),
  ]);
  expect(await asked('BOB', write.secret, 'repository:bob/a:push,pull,fly')).toEqual([
    repository('bob/a', 'push'),
  ]);
  expect(
    await asked(
      'bob',
      all.secret,
      'repository(plugin):bob/a:pull%20repository:bob/b:push',
      'repository:root/c:pull',
    ),
  ).toEqual([repository('bob/a', 'pull'), repository('bob/b', 'push')]);
  expect(
    await asked(
      'root',
      administrator.secret,
      'repository:bob/a:*',
      'registry:catalog:*',
      'repository:top:push',
    ),
  ).toEqual([
    repository('bob/a', 'pull'),
    { type: 'registry', name: 'catalog', actions: ['*'] },
    repository('top', 'push'),
  ]);
});

test('a name that is not quite its own namespace grants nothing', async () => {
  await using latchkey = await start();
  await person(latchkey, 'root');
  const { secret } = await (await person(latchkey, 'bob')).token();
  const names = [
    'bob',
    'Bob/a',
    'bobby/a',
    'bob/../carol/a',
    '/bob/a',
    'bob//a',
    'bob/*',
    '*',
    'bob%00/a',
    'bob%0a/a',
    'localhost:5000/bob/a',
    'b%C3%B3b/a',
    `bob/${'a'.repeat(300)}`,
  ];
  for (const name of names) {
    const scope = `scope=repository:${name}:pull,push&scope=registry:${name}:*`;
    const { access } = await get(latchkey, scope, basic('bob', secret));
    expect(access ?? []).toEqual([]);
  }
});

test('a refusal is 401 with one reason, free of control characters', async () => {
  await using latchkey = await start();
  await person(latchkey, 'root');
  const bob = await person(latchkey, 'bob');
  const [read, off] = [await bob.token(['READ']), await bob.token()];
  await latchkey.ask(
    `mutation { updateAccessToken(input: { id: "${off.id}", active: false }) { id } }`,
    {
      secret: bob.sessionSecret,
    },
  );
  const reason = async (query: string, headers: Record<string, string>) => {
    const { status, body } = await get(latchkey, query, headers);
    expect(status).toBe(401);
    expect(body.errors).toEqual([
      { code: 'UNAUTHORIZED', message: expect.stringMatching(/^[^\p{Cc}]+$/u), detail: null },
    ]);
    return body.errors?.[0]?.message;
  };
  const unknown = await reason('', basic('bob', `${read.secret}0`));
  expect(await reason('', basic('nobody', 'lkp_\u001b[31m\n'))).toBe(unknown);
  const notAToken = await reason('', basic('bob', 'junk'));
  expect(notAToken).toContain('A password does not work here');
  expect(await reason('', { authorization: 'Basic ???' })).toBe(notAToken);
  expect(await reason('', { authorization: 'Negotiate abc' })).toBe(notAToken);
  expect(await reason('', bearer(bob.sessionSecret))).toContain('session');
  expect(await reason('', basic('bob', off.secret))).toContain('switched off');
  expect(await reason('', basic('root', read.secret))).toContain('does not belong');
  expect(await reason('scope=repository:bob/a:push', basic('bob', read.secret))).toBe(
    'This token lacks WRITE.',
  );
  expect(await reason('scope=repository:root/a:pull', basic('bob', read.secret))).toBe(
    'The account bob has no READ in root.',
  );
});

test('what cannot be understood is 400 with one reason that clients show', async () => {
  await using latchkey = await start();
  const reason = async (query: string, init: RequestInit) => {
    const answer = await fetch(`${latchkey.url}/registry/token?${query}`, init);
    const body = (await answer.json()) as Answer['body'];
    expect(answer.status).toBe(400);
    expect(body.errors).toEqual([
      { code: 'UNSUPPORTED', message: expect.any(String), detail: null },
    ]);
    return body.errors?.[0]?.message;
  };
  const form = (fields: Record<string, string>) => ({
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  expect(await reason('service=another', {})).toContain(SERVICE);
  expect(await reason('', { method: 'POST', body: '{"grant_type":"password"}' })).toContain(
    'application/x-www-form-urlencoded',
  );
  expect(await reason('', form({ padding: 'x'.repeat(100_000) }))).toContain('64 KiB');
  expect(await reason('', form({ grant_type: 'client_credentials' }))).toContain('refresh_token');
});

test('without a credential the answer holds what is public, and a form needs one', async () => {
  await using latchkey = await start();
  const alice = await person(latchkey, 'alice');
  const open = 'mutation { setNamespacePublic(name: "Alice", public: true) { name } }';
  await latchkey.ask(open, { secret: alice.sessionSecret });
  const { access, claims } = await get(
    latchkey,
    'scope=repository:alice/a:*&scope=repository:bob/a:pull&scope=registry:catalog:*',
  );
  expect(access).toEqual([repository('alice/a', 'pull')]);
  expect(claims.sub).toBe('');
  const many = Array.from({ length: 49 }, (_, index) => `scope=repository:other${index}/a:pull`);
  many.splice(20, 0, 'scope=repository:alice/b:pull');
  expect((await get(latchkey, many.join('&'))).access).toEqual([repository('alice/b', 'pull')]);
  expect((await post(latchkey, { service: SERVICE })).status).toBe(400);
});

test('POST takes the password and the refresh_token grants, with several scopes in one field', async () => {
  await using latchkey = await start();
  const alice = await person(latchkey, 'alice');
  const { secret } = await alice.token(['READ', 'WRITE']);
  const scope = 'repository:alice/a:pull,push repository:alice/b:delete,pull';
  const password = { grant_type: 'password', username: 'alice', password: secret };
  const refresh = { grant_type: 'refresh_token', refresh_token: secret, access_type: 'offline' };
  for (const grant of [password, refresh]) {
    const { status, body, access, claims } = await post(latchkey, {
      ...grant,
      service: SERVICE,
      scope,
    });
    expect({ status, access }).toEqual({
      status: 200,
      access: [repository('alice/a', 'pull', 'push'), repository('alice/b', 'pull')],
    });
    expect(body['scope']).toBe('repository:alice/a:pull,push repository:alice/b:pull');
    expect(body).not.toHaveProperty('refresh_token');
    expect(claims.sub).toBe('alice');
  }
  expect((await post(latchkey, { ...password, username: 'bob' })).status).toBe(401);
  expect((await post(latchkey, { ...refresh, refresh_token: 'junk' })).status).toBe(401);
  expect((await post(latchkey, { ...password, service: 'another' })).status).toBe(400);
});

test('its times are whole, its life is five minutes, shorter with its token, and a minute at least', async () => {
  await using latchkey = await start();
  const alice = await person(latchkey, 'alice');
  latchkey.clock.advance(123);
  const now = latchkey.clock.now();
  const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
  const lifeOf = async (secret: string) => {
    const { body, claims } = await get(latchkey, 'offline_token=true', basic('alice', secret));
    const { exp = 0, iat = 0, nbf = 0 } = claims;
    expect([exp, iat, nbf].every(Number.isInteger)).toBe(true);
    expect(body['token']).toBe(body['access_token']);
    expect(body['issued_at']).toBe(new Date(iat * 1000).toISOString());
    expect(body['expires_in']).toBe(exp - iat);
    expect(claims.aud).toBe(SERVICE);
    expect(body).not.toHaveProperty('refresh_token');
    return exp - iat;
  };
  expect(await lifeOf((await alice.token()).secret)).toBe(300);
  expect(await lifeOf((await alice.token(['READ'], at(200))).secret)).toBe(200);
  expect(await lifeOf((await alice.token(['READ'], at(5))).secret)).toBe(60);
});

test('each request is a use of the token, with what was tried on what', async () => {
  await using latchkey = await start();
  const alice = await person(latchkey, 'alice');
  const { id, secret } = await alice.token(['READ']);
  const as = { ...basic('alice', secret), 'user-agent': 'Docker-Client/28.2.2 (linux)' };
  await get(latchkey, 'account=alice&offline_token=true', as);
  await get(latchkey, 'scope=repository:alice/a:pull,push&scope=repository:alice/b:pull', as);
  await get(latchkey, 'scope=repository:alice/a:delete', as);
  const { usageEvents } = await latchkey.ask(
    `{ usageEvents(filter: { accessTokenId: "${id}" }) {
      edges { node { endpoint outcome action resource reason userAgent } } } }`,
    { secret: alice.sessionSecret },
  );
  const use = { endpoint: 'REGISTRY', userAgent: 'Docker-Client/28.2.2 (linux)' };
  const allowed = { ...use, outcome: 'ALLOWED', reason: null };
  expect(usageEvents.edges.map(({ node }: { node: object }) => node)).toEqual([
    {
      ...use,
      outcome: 'REFUSED',
      action: 'delete',
      resource: 'alice/a',
      reason: 'This token lacks DELETE.',
    },
    {
      ...allowed,
      action: 'pull,push',
      resource: 'alice/a alice/b',
      reason: 'Granted in part. This token lacks WRITE.',
    },
    { ...allowed, action: 'login', resource: null },
  ]);
});

describe('signing keys', () => {
  const kidOf = async (latchkey: TestServer) =>
    decodeProtectedHeader(String((await get(latchkey, '')).body['token'])).kid;
  const kids = async (latchkey: TestServer) => {
    const { keys } = (await (await fetch(`${latchkey.url}/registry/jwks.json`)).json()) as {
      keys: { kid: string }[];
    };
    return keys.map(({ kid }) => kid);
  };
  const certificates = async (latchkey: TestServer) => {
    const pem = await (await fetch(`${latchkey.url}/registry/certificate.pem`)).text();
    return (pem.match(/-----BEGIN.+?END CERTIFICATE-----/gs) ?? []).map(
      (certificate) => new X509Certificate(certificate),
    );
  };

  test('a key is known by its libtrust fingerprint, in the token, the key set and the certificate', async () => {
    await using latchkey = await start();
    const [certificate] = await certificates(latchkey);
    const spki = certificate?.publicKey.export({ type: 'spki', format: 'der' }) ?? '';
    const digest = createHash('sha256').update(spki).digest();
    const kid = await kidOf(latchkey);
    expect(kid).toMatch(/^([A-Z2-7]{4}:){11}[A-Z2-7]{4}$/);
    expect(base32Decoded(kid?.replaceAll(':', '') ?? '')).toEqual(digest.subarray(0, 30));
    expect(await kids(latchkey)).toEqual([kid]);
    expect(await (await fetch(`${latchkey.url}/metrics`)).text()).toContain(
      `latchkey_registry_certificate_expiry_seconds{kid="${kid}"} ${Date.parse(certificate?.validTo ?? '') / 1000}`,
    );
  });

  test('a rotated key is published before it signs, and the old one until its tokens have ended', async () => {
    await using latchkey = await start();
    const alice = await person(latchkey, 'alice');
    const bob = await person(latchkey, 'bob');
    const rotate = 'mutation { rotateRegistryKey(activateAfterSeconds: 3600) { kid activeFrom } }';
    expect(await latchkey.refusal(rotate, { secret: bob.sessionSecret })).toBe('FORBIDDEN');
    const statuses = async () => {
      const { registryKeys } = await latchkey.ask('{ registryKeys { kid status } }', {
        secret: alice.sessionSecret,
      });
      return registryKeys.map((key: { kid: string; status: string }) => `${key.kid} ${key.status}`);
    };
    const old = await kidOf(latchkey);
    const { rotateRegistryKey: next } = await latchkey.ask(rotate, { secret: alice.sessionSecret });
    expect(await latchkey.refusal(rotate, { secret: alice.sessionSecret })).toBe('CONFLICT');

    expect(await kids(latchkey)).toEqual([old, next.kid]);
    expect(await certificates(latchkey)).toHaveLength(2);
    expect(await kidOf(latchkey)).toBe(old);
    expect(await statuses()).toEqual([`${old} SIGNING`, `${next.kid} NEXT`]);
    latchkey.clock.advance(3_600_000);
    expect(await kidOf(latchkey)).toBe(next.kid);
    expect(await kids(latchkey)).toEqual([next.kid, old]);
    expect(await statuses()).toEqual([`${next.kid} SIGNING`, `${old} RETIRING`]);
    latchkey.clock.advance(600_000);
    expect(await kids(latchkey)).toEqual([next.kid]);
  });

  test('a key that waits gives way to one that takes over sooner, since it may have leaked too', async () => {
    await using latchkey = await start();
    const { sessionSecret: secret } = await person(latchkey, 'alice');
    const rotate = async (seconds: number) => {
      const mutation = `mutation { rotateRegistryKey(activateAfterSeconds: ${seconds}) { kid } }`;
      return (await latchkey.ask(mutation, { secret })).rotateRegistryKey.kid as string;
    };
    const leaked = await kidOf(latchkey);
    await rotate(7_776_000);

    const next = await rotate(60);

    expect(await kids(latchkey)).toEqual([leaked, next]);
    latchkey.clock.advance(60_000);
    expect(await kidOf(latchkey)).toBe(next);
  });

  test('metrics go on while the keys cannot be read, with the values of before', async () => {
    await using latchkey = await start();
    await using stored = await openStored(latchkey.database);
    const expiry = async () => {
      const answer = await fetch(`${latchkey.url}/metrics`);
      expect(answer.status).toBe(200);
      const metrics = await answer.text();
      expect(metrics).toContain('latchkey_open_sockets 0');
      return metrics.match(/^latchkey_registry_certificate_expiry_seconds.+$/m)?.[0];
    };
    const before = await expiry();
    expect(before).toContain(await kidOf(latchkey));
    await stored.run('ALTER TABLE signing_keys RENAME TO signing_keys_away');
    latchkey.clock.advance(10_000);
    expect(await expiry()).toBe(before);
  });

  test.skipIf(!havePrograms('openssl'))(
    'an RSA key that an earlier version made goes on signing as what it is',
    async () => {
      await using latchkey = await start();
      await using stored = await openStored(latchkey.database);
      const { output } = await run('openssl', [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=older', '-keyout', '-'],
      ]);
      const [privateKey, certificate] =
        output.match(/-----BEGIN (?:PRIVATE|CERT).+?-----END[^\n]+/gs) ?? [];
      await stored.run(
        `UPDATE signing_keys SET kid = 'RSA', privateKey = '${privateKey}', certificate = '${certificate}'`,
      );
      latchkey.clock.advance(10_000);
      const alice = await person(latchkey, 'alice');
      const { secret } = await alice.token();
      const response = await fetch(`${latchkey.url}/registry/token?scope=repository:alice/a:pull`, {
        headers: basic('alice', secret),
      });
      const { token } = (await response.json()) as { token: string };
      expect(decodeProtectedHeader(token)).toEqual({ typ: 'JWT', alg: 'RS256', kid: 'RSA' });
      const keys = await fetch(`${latchkey.url}/registry/jwks.json`);
      expect(await keys.clone().json()).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] });
      const keySet = createLocalJWKSet((await keys.json()) as never);
      await jwtVerify(token, keySet, { currentDate: new Date(latchkey.clock.now()) });
    },
  );
});

function base32Decoded(text: string): Buffer {
  const bits = [...text]
    .map((letter) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    )
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
