import { whoAmI } from '@huggingface/hub';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { bearer, person } from './support/people.js';

test('whoAmI of @huggingface/hub names the account and the token, or says why not', async () => {
  await using latchkey = await startServer();
  const alice = await person(latchkey, 'alice');
  const [read, write] = await Promise.all([alice.token(['READ']), alice.token(['READ', 'WRITE'])]);
  const ask = (secret: string) => whoAmI({ hubUrl: latchkey.url, accessToken: `hf_${secret}` });

  expect(await ask(read.secret)).toMatchObject({
    type: 'user',
    name: 'alice',
    email: expect.stringContaining('@example.com'),
    orgs: [],
    auth: {
      type: 'access_token',
      accessToken: {
        displayName: 'a token',
        role: 'read',
        createdAt: new Date(latchkey.clock.now()),
      },
    },
  });
  expect((await ask(write.secret)).auth.accessToken?.role).toBe('write');
  await alice.remove(read);
  await expect(ask(read.secret)).rejects.toThrow('Deleted by alice');
  await expect(ask('junk')).rejects.toThrow('This is not a token.');
});

test('a client may keep the answer for a minute, for itself alone', async () => {
  await using latchkey = await startServer();
  const { secret } = await (await person(latchkey, 'alice')).token();
  const url = `${latchkey.url}/api/whoami-v2`;
  const good = await fetch(url, { headers: bearer(secret) });
  expect(good.status).toBe(200);
  expect(good.headers.get('cache-control')).toBe('private, max-age=60');
  expect(good.headers.get('vary')).toBe('Authorization');
  for (const headers of [{}, bearer('junk')]) {
    const refused = await fetch(url, { headers });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('cache-control')).toBe('no-store');
  }
});

test('a refused token is challenged with the error, and nobody without one (RFC 6750, section 3)', async () => {
  await using latchkey = await startServer();
  const challenge = async (headers: Record<string, string>) => {
    const answer = await fetch(`${latchkey.url}/api/whoami-v2`, { headers });
    expect(answer.status).toBe(401);
    return answer.headers.get('www-authenticate');
  };
  expect(await challenge({})).toBe('Bearer realm="Latchkey", Basic realm="Latchkey"');
  expect(await challenge(bearer('junk'))).toMatch(
    /^Bearer realm="Latchkey", error="invalid_token", error_description="This is not a token. [^"]+"$/,
  );
});
