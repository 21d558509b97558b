import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { basic, person } from './support/people.js';
import { havePrograms } from './support/programs.js';
import {
  REGISTRY_PROGRAMS,
  type RegistryUnderTest,
  SERVICE,
  startRegistry,
  useRealTime,
} from './support/registry.js';

const SCOPE = 'scope=repository:alice/tiny:pull';

async function tokenFrom(url: string, headers: Record<string, string>, query = SCOPE) {
  const answer = await fetch(`${url}/registry/token?${query}`, { headers });
  return ((await answer.json()) as { token: string }).token;
}

const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What the registry answers to `token`: 404 is past its endpoint, where no such image is. */
async function knock({ host }: RegistryUnderTest, token: string, name = 'alice/tiny') {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`http://${host}/v2/${name}/manifests/none`, { headers })).status;
}

describe.skipIf(!havePrograms(...REGISTRY_PROGRAMS))('a Docker registry', () => {
  test('takes a token as it came, and none that a client wrote or changed', async () => {
    await using registry = await startRegistry();
    const { latchkey, folder } = registry;
    const alice = await person(latchkey, 'alice');
    const { secret } = await alice.token();
    useRealTime(latchkey);
    const token = await tokenFrom(latchkey.url, basic('alice', secret));
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = decode(payload);
    const bundle = await readFile(join(folder, 'bundle.pem'), 'utf8');
    const own = await generateKeyPair('ES256', { extractable: true });
    const jwk = (await exportJWK(own.publicKey)) as JWK;
    const { kid } = decode(header);
    const signed = (extra: object) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT', ...extra })
        .sign(own.privateKey);
    const symmetric = new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid })
      .sign(new TextEncoder().encode(bundle));
    const certificate = bundle.replace(/-----[^-]+-----|\s/g, '');

    expect(await knock(registry, token)).toBe(404);
    const more = { ...claims, access: [{ ...claims.access[0], name: 'bob/tiny' }] };
    const forged = [
      `${header}.${encode(more)}.${signature}`,
      `${encode({ alg: 'none', typ: 'JWT', kid })}.${payload}.`,
      `${encode({ alg: 'ES256', typ: 'JWT' })}.${payload}.${signature}`,
      await symmetric,
      await signed({ kid }),
      await signed({ jwk }),
      await signed({ jwk: { ...jwk, kid } }),
      await signed({ x5c: [certificate] }),
    ];
    for (const each of forged) expect(await knock(registry, each)).toBe(401);
  });

  test('that was given both certificates in time takes tokens of the old key and of the next', async () => {
    await using latchkey = await startServer({ LATCHKEY_REGISTRY_SERVICE: SERVICE });
    useRealTime(latchkey);
    const alice = await person(latchkey, 'alice');
    const { secret } = await alice.token();
    const rotate = 'mutation { rotateRegistryKey(activateAfterSeconds: 60) { kid } }';
    const { rotateRegistryKey: next } = await latchkey.ask(rotate, { secret: alice.sessionSecret });
    await using registry = await startRegistry(latchkey);
    const token = () => tokenFrom(latchkey.url, basic('alice', secret));

    const old = await token();
    latchkey.clock.advance(60_000);
    const young = await token();
    expect(decode(old.split('.')[0]).kid).not.toBe(next.kid);
    expect(decode(young.split('.')[0]).kid).toBe(next.kid);
    expect(await knock(registry, old)).toBe(404);
    expect(await knock(registry, young)).toBe(404);
  });

  test('lets a token of its own service in, for the repositories in it, until a minute past its end', async () => {
    await using latchkey = await startServer({ LATCHKEY_REGISTRY_SERVICE: SERVICE });
    // The clock does not go back, so what is past its end comes first.
    useRealTime(latchkey, (300 + 90) * 1000);
    await using registry = await startRegistry(latchkey);
    const alice = await person(latchkey, 'alice');
    const { secret } = await alice.token();
    const as = basic('alice', secret);
    const knockFor = async (query: string) =>
      knock(registry, await tokenFrom(latchkey.url, as, query));

    expect(await knockFor(SCOPE)).toBe(401);
    latchkey.clock.advance(60 * 1000);
    expect(await knockFor(SCOPE)).toBe(404);

    useRealTime(latchkey);
    expect(await knockFor('scope=repository:alice/tiny:*')).toBe(404);
    expect(await knockFor('scope=repository:alice/*:pull')).toBe(401);
    expect(await knockFor('scope=repository:alice/other:pull')).toBe(401);
    expect(await knockFor('')).toBe(401);
    expect(await knockFor(`account=bob&${SCOPE}`)).toBe(404);

    await using stranger = await startServer({ LATCHKEY_REGISTRY_SERVICE: SERVICE });
    useRealTime(stranger);
    const mallory = await (await person(stranger, 'alice')).token();
    expect(
      await knock(registry, await tokenFrom(stranger.url, basic('alice', mallory.secret))),
    ).toBe(401);
  });
});
