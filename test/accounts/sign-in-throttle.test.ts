import { expect, test } from 'vitest';
import { inMemory } from '../../packages/server/dist/cluster/rate-limiter.js';
import { SignInThrottle } from '../../packages/server/dist/sessions/sign-in-throttle.js';
import { graphql } from '../support/graphql.js';
import { PASSWORD, startServer, type TestServer } from '../support/latchkey.js';
import {
  createToken,
  SIGN_IN,
  signIn,
  signInOn,
  signInRequest,
  signUp,
} from '../support/people.js';

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
  const { deviceKey } = await signIn(server, 'alice', 'laptop', from('192.0.2.1'));
  for (let count = 0; count < 31; count++) await guess(server, `198.51.100.${count}`);
  expect((await guess(server, '203.0.113.9', PASSWORD)).extensions.code).toBe('RATE_LIMITED');

  await signIn(server, 'alice', undefined, from('192.0.2.1'));
  await signIn(server, 'alice', undefined, {
    ...signInRequest('alice', { device: 'laptop', key: deviceKey }),
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
  const { deviceKey } = await signInOn(server, 'alice', 'laptop');
  for (let count = 0; count < 40; count++) await guess(server, '192.0.2.1');
  expect((await guess(server, '192.0.2.1', PASSWORD)).extensions.code).toBe('RATE_LIMITED');

  await signIn(server, 'alice', undefined, {
    ...signInRequest('alice', { device: 'laptop', key: deviceKey }),
    ...from('192.0.2.1'),
  });
});

test("a device's id is no secret, and with it wrong guesses do not lock the device", async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const laptop = await signInOn(server, 'alice', 'laptop');
  for (let count = 0; count < 40; count++) await guess(server, '198.51.100.1', WRONG, 'laptop');

  await signIn(server, 'alice', 'laptop', {
    ...signInRequest('alice', { device: 'laptop', key: laptop.deviceKey }),
    ...from('198.51.100.1'),
  });
});

test('no token reads the id of a device, its own included', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { accessTokenId: id, ...laptop } = await signInOn(server, 'alice', 'laptop');
  const query = `{ accessToken(id: "${id}") { session { device { id name } } } }`;
  const { accessToken } = await server.ask(query, { secret: laptop.sessionSecret });
  expect(accessToken.session.device).toEqual({ id: 'id of laptop', name: 'laptop' });

  const { data, errors } = await graphql(server.url, query, { secret: laptop.accessTokenSecret });
  expect(JSON.stringify(data)).not.toContain('id of laptop');
  expect(errors[0]?.extensions.code).toBe('SESSION_REQUIRED');
});

test("a device's key is good for the accounts that were signed in with it, and for no other", async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  await signUp(server, 'mallory');
  const { deviceKey } = await signInOn(server, 'mallory', 'laptop');
  const guessWithKey = (password: string) =>
    server.refusal(SIGN_IN, {
      ...signInRequest('alice', { password, device: 'laptop', key: deviceKey }),
      ...from('198.51.100.1'),
    });
  for (let count = 0; count < 3; count++) await guessWithKey(WRONG);
  expect((await guess(server, '198.51.100.1', PASSWORD)).extensions.code).toBe('RATE_LIMITED');

  // Two accounts on one device share its key.
  const shared = signInRequest('alice', { device: 'laptop', key: deviceKey });
  expect((await signIn(server, 'alice', 'laptop', shared)).deviceKey).toBe(deviceKey);
  await signIn(server, 'alice', 'laptop', { ...shared, ...from('198.51.100.1') });
});

test('a key of another form is refused by its field', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret } = await signIn(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  for (const key of ['', 'id of laptop', secret, `${secret.replace('lkp_', 'lkd_')} `]) {
    const { extensions } = await server.error(
      SIGN_IN,
      signInRequest('alice', { device: 'laptop', key }),
    );
    expect(extensions.fields?.map(({ path }) => path)).toEqual(['input.device.key']);
  }
});

test('a password change makes strangers of every other device and network', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const { deviceKey } = await signIn(server, 'alice', 'laptop', from('192.0.2.1'));
  const { sessionSecret: secret } = await signIn(server, 'alice', undefined, from('192.0.2.2'));
  const password = 'another long password';
  const change = `mutation { changePassword(currentPassword: "${PASSWORD}", newPassword: "${password}") }`;
  await server.ask(change, { secret });
  for (let count = 0; count < 31; count++) await guess(server, `198.51.100.${count}`);

  const withKey = signInRequest('alice', { password, device: 'laptop', key: deviceKey });
  const fromOld = { ...withKey, ...from('192.0.2.1') };
  expect(await server.refusal(SIGN_IN, fromOld)).toBe('RATE_LIMITED');
  await signIn(server, 'alice', undefined, {
    ...signInRequest('alice', { password }),
    ...from('192.0.2.2'),
  });
});

test('strangers at an IPv6 site get no further than ten of its networks, and known ones go on', async () => {
  const throttle = new SignInThrottle(3, inMemory);
  const attempt = (index: number, ipAddress: string, isKnownNetwork = false) => ({
    username: `user${index}`,
    ipAddress,
    device: undefined,
    isKnownNetwork,
  });
  // Ten names from each network: no network and no name reaches its own bound.
  for (let index = 0; index < 300; index++) {
    const guess = attempt(index, `2001:db8:1:${Math.floor(index / 10)}::1`);
    await throttle.admit(guess);
    await throttle.settle(guess, false);
  }
  const fresh = '2001:db8:1:ffff::1';
  await expect(throttle.admit(attempt(300, fresh))).rejects.toThrow('Too many failed sign-ins.');
  await throttle.admit(attempt(300, fresh, true));
  await throttle.admit(attempt(300, '2001:db8:2::1'));
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
