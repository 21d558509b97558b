import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { SIGN_UP, signUpRequest } from '../support/people.js';

const ENV = { LATCHKEY_SIGN_UPS_PER_HOUR: '3', LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' };

const signUpFrom = (server: TestServer, address: string, username: string) =>
  server.refusal(SIGN_UP, {
    ...signUpRequest(username),
    headers: { 'x-forwarded-for': address },
  });

test('a network signs up so many accounts an hour, and is told how long to wait for the next', async () => {
  await using server = await startServer(ENV);
  await signUpFrom(server, '192.0.2.1', 'administrator');
  for (const username of ['one', 'two', 'three']) {
    expect(await signUpFrom(server, '192.0.2.1', username)).toBe('not refused');
  }
  const headers = { 'x-forwarded-for': '192.0.2.1' };
  const { message, extensions } = await server.error(SIGN_UP, {
    ...signUpRequest('four'),
    headers,
  });
  expect(extensions.code).toBe('RATE_LIMITED');
  expect(extensions.retryAfterSeconds).toBeGreaterThan(0);
  expect(extensions.retryAfterSeconds).toBeLessThanOrEqual(60 * 60);
  expect(message).toMatch(/minute/);
  expect(await signUpFrom(server, '198.51.100.1', 'elsewhere')).toBe('not refused');
});

test('sign-ups at once get no further than sign-ups one after another', async () => {
  await using server = await startServer(ENV);
  await signUpFrom(server, '192.0.2.1', 'administrator');
  const codes = await Promise.all(
    Array.from({ length: 10 }, (_, index) => signUpFrom(server, '192.0.2.1', `user${index}`)),
  );
  expect(codes.filter((code) => code === 'not refused')).toHaveLength(3);
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(7);
});

test('a name that is taken counts, since it costs as much; a mistyped field does not', async () => {
  await using server = await startServer(ENV);
  await signUpFrom(server, '192.0.2.1', 'administrator');
  for (let count = 0; count < 5; count++) {
    expect(await signUpFrom(server, '192.0.2.1', '-')).toBe('VALIDATION_FAILED');
  }
  for (let count = 0; count < 3; count++) {
    expect(await signUpFrom(server, '192.0.2.1', 'administrator')).toBe('CONFLICT');
  }
  expect(await signUpFrom(server, '192.0.2.1', 'administrator')).toBe('RATE_LIMITED');
});

test('nothing that came before keeps the administrator out', async () => {
  await using server = await startServer({ ...ENV, LATCHKEY_SIGN_UPS: 'closed' });
  for (let count = 0; count < 10; count++) {
    expect(await signUpFrom(server, '192.0.2.1', '-')).toBe('VALIDATION_FAILED');
  }
  const codes = await Promise.all(
    Array.from({ length: 10 }, (_, index) => signUpFrom(server, '192.0.2.1', `user${index}`)),
  );
  expect(codes.filter((code) => code === 'not refused')).toHaveLength(1);
});

test('an IPv6 subscriber is one network, however its addresses are written', async () => {
  await using server = await startServer(ENV);
  await signUpFrom(server, '192.0.2.1', 'administrator');
  const addresses = [
    '2001:db8::1',
    '2001:db8:0:0:1::',
    '2001:0DB8:0:0::2',
    '2001:db8::ffff:192.0.2.1',
  ];
  const codes = [];
  for (const [index, address] of addresses.entries()) {
    codes.push(await signUpFrom(server, address, `user${index}`));
  }
  expect(codes).toEqual(['not refused', 'not refused', 'not refused', 'RATE_LIMITED']);
  expect(await signUpFrom(server, '2001:db8:0:1::1', 'neighbour')).toBe('not refused');
});
