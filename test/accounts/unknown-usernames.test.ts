import { expect, test } from 'vitest';
import { graphql } from '../support/graphql.js';
import { startServer } from '../support/latchkey.js';
import { SIGN_IN, signInRequest, signUp } from '../support/people.js';

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
