import { expect, test } from 'vitest';
import { PASSWORD, startServer } from '../support/latchkey.js';
import {
  SIGN_IN,
  SIGN_UP,
  signIn,
  signInOn,
  signInRequest,
  signUp,
  signUpRequest,
  verify,
} from '../support/people.js';

const NEW_PASSWORD = 'another long password';
const CHANGE = `mutation ($current: String!, $next: String!) {
  changePassword(currentPassword: $current, newPassword: $next)
}`;
const change = (secret: string, current: string, next: string) => ({
  secret,
  variables: { current, next },
});

test('a password change ends every other session with its token, and keeps its own', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const own = await signInOn(server, 'alice', 'laptop');
  const other = await signInOn(server, 'alice', 'phone');
  await server.ask(CHANGE, change(own.sessionSecret, PASSWORD, NEW_PASSWORD));

  expect(
    await server.refusal('{ viewer { session { id } } }', { secret: other.sessionSecret }),
  ).toBe('SESSION_EXPIRED');
  expect(await verify(server, other.accessTokenSecret)).toBe(401);
  expect(await verify(server, own.accessTokenSecret)).toBe(200);
  expect(await server.refusal(SIGN_IN, signInRequest('alice'))).toBe('INVALID_CREDENTIALS');
  await server.ask(SIGN_IN, signInRequest('alice', { password: NEW_PASSWORD }));
});

test('a password change needs the current password and a new one that is allowed', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret } = await signIn(server, 'alice');
  const other = await signIn(server, 'alice');

  const wrong = change(sessionSecret, 'not the password', NEW_PASSWORD);
  expect(await server.refusal(CHANGE, wrong)).toBe('INVALID_CREDENTIALS');
  const weak = await server.error(CHANGE, change(sessionSecret, PASSWORD, 'short'));
  expect(weak.extensions.fields?.[0]?.path).toBe('newPassword');
  await server.ask('{ sessions { id } }', { secret: other.sessionSecret });
  await signIn(server, 'alice');
});

test('guessing the current password through an open session is throttled', async () => {
  await using server = await startServer({ LATCHKEY_SIGN_IN_FAILURES: '3' });
  await signUp(server, 'alice');
  const { sessionSecret } = await signIn(server, 'alice');
  for (let count = 0; count < 3; count++) {
    await server.refusal(CHANGE, change(sessionSecret, 'not the password', NEW_PASSWORD));
  }
  const right = change(sessionSecret, PASSWORD, NEW_PASSWORD);
  expect(await server.refusal(CHANGE, right)).toBe('RATE_LIMITED');
  await signIn(server, 'alice');
});

test('a password that is changed while a sign-in waits its turn opens nothing any more', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret } = await signIn(server, 'alice');
  // Two passwords are hashed at once, so these sign-ins queue; the change ends among them.
  const before = Array.from({ length: 12 }, () => server.refusal(SIGN_IN, signInRequest('alice')));
  const changed = server.ask(CHANGE, change(sessionSecret, PASSWORD, NEW_PASSWORD));
  const after = Array.from({ length: 12 }, () => server.refusal(SIGN_IN, signInRequest('alice')));
  await changed;
  await Promise.all([...before, ...after]);

  const { sessions } = await server.ask('{ sessions { id current } }', { secret: sessionSecret });
  expect(sessions).toEqual([{ id: expect.any(String), current: true }]);
});

test('of two password changes at once one holds and the other is told', async () => {
  await using server = await startServer();
  await server.ask(SIGN_UP, signUpRequest('alice'));
  const one = await signIn(server, 'alice');
  const passwords = ['the first new password', 'the second new password'];
  const codes = await Promise.all(
    passwords.map((next) => server.refusal(CHANGE, change(one.sessionSecret, PASSWORD, next))),
  );
  expect(codes.filter((code) => code === 'not refused')).toHaveLength(1);
  expect(codes.filter((code) => code !== 'not refused')[0]).toMatch(/CONFLICT|INVALID_CREDENTIALS/);
});
