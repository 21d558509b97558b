import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import {
  SIGN_IN,
  SIGN_UP,
  signIn,
  signInRequest,
  signUp,
  signUpRequest,
} from '../support/people.js';

const FLOOD = 300;
/** Requests that are open at once: half again as many as wait in a lane. */
const OPEN = 150;
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
/** Each from a network of a site of its own. */
const rotating = (index: number) => from(`2001:${index.toString(16)}:${index.toString(16)}::1`);

test('a flood from ever new networks keeps known devices and networks from signing in no more', async () => {
  await using server = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  await signUp(server, 'alice');
  const { deviceKey } = await signIn(server, 'alice', 'laptop', from('192.0.2.1'));
  const { sessionSecret } = await signIn(server, 'alice', undefined, from('192.0.2.1'));

  let sent = 0;
  let checked = 0;
  let refused = 0;
  let stopped = false;
  const attacker = async () => {
    while (!stopped && sent < FLOOD) {
      const index = ++sent;
      const request = signInRequest(`user${index}`, { password: 'a wrong guess' });
      const { extensions } = await server.error(SIGN_IN, { ...request, ...rotating(index) });
      if (extensions.code === 'INVALID_CREDENTIALS') checked++;
      else {
        expect(extensions).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 5 });
        refused++;
      }
    }
  };
  const attackers = Array.from({ length: OPEN }, attacker);
  await expect.poll(() => refused).toBeGreaterThan(0);
  const before = checked;
  await signIn(server, 'alice', undefined, {
    ...signInRequest('alice', { device: 'laptop', key: deviceKey }),
    ...from('203.0.113.9'),
  });
  await signIn(server, 'alice', undefined, from('192.0.2.1'));
  await server.ask(
    'mutation { changePassword(currentPassword: "a long enough password", newPassword: "another long password") }',
    { secret: sessionSecret },
  );
  // Behind the flood each of the four hashes for alice would have waited for a hundred others.
  expect(checked - before).toBeLessThan(100);

  stopped = true;
  await Promise.all(attackers);
});

test('a flood of one account leaves the queue to others', async () => {
  await using server = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  await signUp(server, 'alice');
  await signUp(server, 'bob');
  const flood = Array.from({ length: 100 }, (_, index) =>
    server.error(SIGN_IN, {
      ...signInRequest('alice', { password: 'a wrong guess' }),
      ...rotating(index + 1),
    }),
  );
  const stranger = signIn(server, 'bob', undefined, rotating(1000));
  const codes = (await Promise.all(flood)).map(({ extensions }) => extensions.code);
  await stranger;
  expect(codes).not.toContain('UNAVAILABLE');
  expect(codes).toContain('RATE_LIMITED');
});

test('sign-ups from ever new networks are bounded in all', async () => {
  await using server = await startServer({
    LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
    LATCHKEY_SIGN_UPS_PER_HOUR: '1',
  });
  await signUp(server, 'administrator');
  const codes = [];
  for (let index = 0; index < 22; index++) {
    const request = { ...signUpRequest(`user${index}`), ...rotating(index + 1) };
    codes.push(await server.refusal(SIGN_UP, request));
  }
  expect(codes.slice(0, 20)).toEqual(Array(20).fill('not refused'));
  expect(codes.slice(20)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
});
