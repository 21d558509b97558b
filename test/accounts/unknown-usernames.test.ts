import { expect, inject, test } from 'vitest';
import { PasswordHasher } from '../../packages/server/dist/crypto/password.js';
import { graphql } from '../support/graphql.js';
import { startServer } from '../support/latchkey.js';
import {
  SIGN_IN,
  SIGN_UP,
  signIn,
  signInRequest,
  signUp,
  signUpRequest,
} from '../support/people.js';
import { StatementLog } from '../support/statements.js';

test('an unknown username is answered exactly as a wrong password is', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const attempt = async (username: string) => {
    const request = signInRequest(username, { password: 'not the right password' });
    const { status, headers, data, errors } = await graphql(server.url, SIGN_IN, request);
    return { status, headers: [...headers].filter(([name]) => name !== 'date'), data, errors };
  };

  const wrong = await attempt('alice');
  expect(wrong.errors[0]?.extensions.code).toBe('INVALID_CREDENTIALS');
  for (const unknown of ['nobody', 'Ålice', '', "alice' --", 'x'.repeat(5000)]) {
    expect(await attempt(unknown)).toEqual(wrong);
  }
});

test('an unknown username is throttled exactly as a known one is', async () => {
  await using server = await startServer({ LATCHKEY_SIGN_IN_FAILURES: '3' });
  await signUp(server, 'alice');
  const codesOf = async (username: string) => {
    const codes = [];
    for (let count = 0; count < 5; count++) {
      codes.push(
        await server.refusal(SIGN_IN, signInRequest(username, { password: 'a wrong password' })),
      );
    }
    return codes;
  };

  expect(await codesOf('nobody')).toEqual(await codesOf('alice'));
});

test('the decoy password of unknown usernames opens nothing', async () => {
  await using server = await startServer();
  const request = signInRequest('nobody', { password: 'no account has this password' });
  expect(await server.refusal(SIGN_IN, request)).toBe('INVALID_CREDENTIALS');
});

// One code serves both engines; SQLite's driver lets its statements be counted.
test.runIf(inject('mysqlServer') === undefined)(
  'a username that is taken costs the same statements as any other, throttled and not',
  async () => {
    using log = new StatementLog();
    await using server = await startServer({
      LATCHKEY_SIGN_IN_FAILURES: '3',
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
      LATCHKEY_SIGN_UPS: 'closed',
    });
    await signUp(server, 'alice');
    for (let count = 0; count < 10; count++) await signIn(server, 'alice', `device ${count}`);
    const attempt = (username: string, ipAddress: string) => {
      const request = signInRequest(username, { password: 'a wrong guess' });
      const headers = { 'x-forwarded-for': ipAddress };
      return log.during(() => server.refusal(SIGN_IN, { ...request, headers }));
    };

    const known = await attempt('alice', '192.0.2.1');
    expect(known).toEqual([
      expect.stringContaining('known_clients'),
      expect.stringContaining('accounts'),
    ]);
    expect(await attempt('nobody', '192.0.2.1')).toEqual(known);

    for (let count = 0; count < 31; count++) await attempt(`user${count}`, '192.0.2.2');
    const throttled = await attempt('alice', '192.0.2.2');
    // From whence it comes is looked up; the account is not.
    expect(throttled).toEqual([expect.stringContaining('known_clients')]);
    expect(await attempt('nobody', '192.0.2.2')).toEqual(throttled);

    const signUpAs = (username: string) =>
      log.during(() => server.refusal(SIGN_UP, signUpRequest(username)));
    expect(await signUpAs('alice')).toEqual(await signUpAs('nobody'));
  },
);

test('a username that is taken costs the same hash as any other', async () => {
  const checked: string[] = [];
  const passwords = new PasswordHasher({
    hash: async (_password, options) => `hash with ${JSON.stringify(options)}`,
    async verify(stored) {
      checked.push(stored);
      return true;
    },
  });
  const place = { lane: 'strangers', owner: 'alice' } as const;
  const passwordHash = await passwords.hash('a password', place);
  const verify = (owner: { passwordHash: string } | null) =>
    passwords.verify('a password', {
      place,
      admit: () => Promise.resolve(),
      findOwner: () => Promise.resolve(owner),
      settle: () => Promise.resolve(),
    });

  expect(await verify({ passwordHash })).toEqual({ passwordHash });
  expect(await verify(null)).toBeUndefined();
  expect(checked).toEqual([passwordHash, passwordHash]);
});
