import { expect, test } from 'vitest';
import { PASSWORD, startServer, type TestServer } from '../support/latchkey.js';
import { SIGN_IN, signIn, signInRequest, signUp } from '../support/people.js';

const WRONG = 'a wrong password';
/** Every test's caller is 127.0.0.1; a trusted proxy there lets a request come from anywhere. */
const ENV = { LATCHKEY_SIGN_IN_FAILURES: '3', LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' };
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

function guess(server: TestServer, address: string, password = WRONG, device?: string) {
  const request = signInRequest('alice', { password, device });
  return server.error(SIGN_IN, { ...request, ...from(address) });
}

test('after the allowed failures even the right password waits, and is told for how long', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  for (let count = 0; count < 3; count++) {
    expect((await guess(server, '192.0.2.1')).extensions.code).toBe('INVALID_CREDENTIALS');
  }
  const { message, extensions } = await guess(server, '192.0.2.1', PASSWORD);
  expect(extensions.code).toBe('RATE_LIMITED');
  expect(extensions.retryAfterSeconds).toBeGreaterThan(0);
  expect(extensions.retryAfterSeconds).toBeLessThanOrEqual(15 * 60);
  expect(message).toMatch(/minute/);
});

test('guesses made at once get no further than guesses made one after another', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const guesses = await Promise.all(Array.from({ length: 30 }, () => guess(server, '192.0.2.1')));
  const tried = guesses.filter(({ extensions }) => extensions.code === 'INVALID_CREDENTIALS');

  // Two passwords are checked at once, so one more may be under way when the last allowed one fails.
  expect(tried.length).toBeLessThanOrEqual(4);
  expect(guesses.length - tried.length).toBe(
    guesses.filter(({ extensions }) => extensions.code === 'RATE_LIMITED').length,
  );
});

test('an IPv6 subscriber counts as one address, whichever of its own it uses', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const codes = [];
  for (const host of ['::1', '::2', '::3', '::4']) {
    codes.push((await guess(server, `2001:db8:1:2${host}`)).extensions.code);
  }
  expect(codes.at(-1)).toBe('RATE_LIMITED');
});

test('a right password clears what was mistyped before it', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  for (let round = 0; round < 3; round++) {
    await guess(server, '192.0.2.1');
    await guess(server, '192.0.2.1');
    await signIn(server, 'alice', undefined, from('192.0.2.1'));
  }
});

test('strangers everywhere lock neither the known address nor the known device of the owner', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  await signIn(server, 'alice', 'laptop', from('192.0.2.1'));
  for (let count = 0; count < 31; count++) await guess(server, `198.51.100.${count}`);
  expect((await guess(server, '203.0.113.9', PASSWORD)).extensions.code).toBe('RATE_LIMITED');

  await signIn(server, 'alice', undefined, from('192.0.2.1'));
  await signIn(server, 'alice', undefined, {
    ...signInRequest('alice', { device: 'laptop' }),
    ...from('203.0.113.9'),
  });
});

test('an owner on IPv6 is known from the whole of their network', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  await signIn(server, 'alice', undefined, from('2001:db8:1:2::a'));
  for (let count = 0; count < 31; count++) await guess(server, `198.51.100.${count}`);
  expect((await guess(server, '2001:db8:1:3::b', PASSWORD)).extensions.code).toBe('RATE_LIMITED');
  await signIn(server, 'alice', undefined, from('2001:db8:1:2:3:4:5:6'));
});

test("a stranger at the owner's own address does not lock the owner's known device", async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  await signIn(server, 'alice', 'laptop', from('192.0.2.1'));
  for (let count = 0; count < 40; count++) await guess(server, '192.0.2.1');
  expect((await guess(server, '192.0.2.1', PASSWORD)).extensions.code).toBe('RATE_LIMITED');

  await signIn(server, 'alice', undefined, {
    ...signInRequest('alice', { device: 'laptop' }),
    ...from('192.0.2.1'),
  });
});

test('one address that goes through many usernames is stopped as well', async () => {
  await using server = await startServer(ENV);
  const codes = [];
  for (let count = 0; count < 31; count++) {
    const request = signInRequest(`user${count}`, { password: WRONG });
    codes.push(await server.refusal(SIGN_IN, { ...request, ...from('192.0.2.1') }));
  }
  expect(codes.slice(0, 30)).toEqual(Array(30).fill('INVALID_CREDENTIALS'));
  expect(codes[30]).toBe('RATE_LIMITED');
});

test('spaces behind a username make another one of it, and buy no more guesses', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  for (const username of ['alice ', 'alice  ', ' alice']) {
    const answer = await server.error(SIGN_IN, signInRequest(username));
    expect([username, answer.extensions.code]).toEqual([username, 'INVALID_CREDENTIALS']);
  }
});
