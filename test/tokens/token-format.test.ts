import { randomBytes } from 'node:crypto';
import { checksum, hintOf, makeSecret, secretKindOf } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, signInOn, verify } from '../support/people.js';
import { openStored } from '../support/stored.js';

test.each([
  ['0'.repeat(30), '2C8GjS'],
  ['A'.repeat(30), '0uCPlr'],
  ['z'.repeat(30), '4IlJEz'],
  // Its CRC-32 is small, so that the base62 form has to be padded.
  [`T${'350'.padStart(29, '0')}`, '00LbfP'],
])("the checksum of %s is GitHub's", (random, expected) => {
  expect(checksum(random)).toBe(expected);
});

test('each kind of secret has its prefix, 30 random characters and six of checksum', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  const { accessTokenSecret } = await signInOn(server, 'alice', 'laptop');
  for (const [prefix, each] of [
    ['lks_', sessionSecret],
    ['lkp_', secret],
    ['lka_', accessTokenSecret],
  ] as const) {
    expect(each).toMatch(/^lk[apso]_[0-9A-Za-z]{36}$/);
    expect(each.slice(0, 4)).toBe(prefix);
    expect(each.slice(34)).toBe(checksum(each.slice(4, 34)));
  }
  const { accessTokens } = await server.ask('{ accessTokens { edges { node { hint } } } }', {
    secret: sessionSecret,
  });
  const hints = accessTokens.edges.map(({ node }: { node: { hint: string } }) => node.hint);
  expect(hints.sort()).toEqual([hintOf(secret), hintOf(accessTokenSecret)].sort());
});

test('every character of the alphabet is as likely as any other', () => {
  const counts = new Map<string, number>();
  for (let made = 0; made < 4000; made++) {
    for (const letter of makeSecret('PERSONAL', randomBytes).slice(4, 34)) {
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
  }
  const expected = (4000 * 30) / 62;
  expect(counts.size).toBe(62);
  // A bias of taking bytes modulo 62 would put eight letters a quarter above the rest.
  for (const count of counts.values())
    expect(Math.abs(count - expected)).toBeLessThan(expected / 6);
});

const flip = (text: string) => (text === 'a' ? 'b' : 'a');

test('one wrong, missing, added or swapped character is noticed without a look-up', () => {
  const secret = makeSecret('PERSONAL', randomBytes);
  expect(secretKindOf(secret)).toBe('PERSONAL');
  for (let place = 4; place < secret.length; place++) {
    const changed = secret.slice(0, place) + flip(secret.charAt(place)) + secret.slice(place + 1);
    const shortened = secret.slice(0, place) + secret.slice(place + 1);
    expect([place, secretKindOf(changed), secretKindOf(shortened)]).toEqual([
      place,
      undefined,
      undefined,
    ]);
  }
  for (const junk of [
    `${secret}a`,
    ` ${secret}`,
    `${secret}\n`,
    secret.toUpperCase(),
    '',
    'lkp_',
  ]) {
    expect(secretKindOf(junk)).toBeUndefined();
  }
});

test('junk is refused without the database being asked, in which a well-formed secret is looked up', async () => {
  await using server = await startServer();
  await signedUp(server, 'alice');
  await using stored = await openStored(server.database);
  await stored.run('ALTER TABLE access_token_secrets RENAME TO away');

  const wellFormed = makeSecret('PERSONAL', randomBytes);
  const junk = [wellFormed.slice(0, -1), wellFormed.replace('lkp_', 'lkx_'), 'a password', ''];
  junk.push(wellFormed.slice(0, -1) + flip(wellFormed.slice(-1)), 'x'.repeat(5000));
  for (const secret of junk) expect(await verify(server, secret)).toBe(401);
  expect(await verify(server, wellFormed)).toBe(503);
});
