import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { SIGN_IN, SIGN_UP, signInRequest, signUpRequest } from '../support/people.js';
import { openStored } from '../support/stored.js';

test.each([
  ['11 characters', 'abcdefgh123'],
  ['11 characters that take 44 bytes', '🔑🔒🔓🗝🔐🔏🛡🚪🧷🧲🪛'],
  ['the username', 'alice-in-wonderland'],
  ['the username in capitals', 'Alice-In-Wonderland'],
  ['a common one', 'password1234'],
  ['a common one in capitals', 'PassWord1234'],
  ['a common one in full-width letters', 'ｐａｓｓｗｏｒｄ１２３４'],
  ['two characters again and again', 'abababababababab'],
  ['257 characters', 'abcdefgh1'.repeat(30)],
])('a password that is %s is refused', async (_what, password) => {
  await using server = await startServer();
  const { extensions } = await server.error(
    SIGN_UP,
    signUpRequest('alice-in-wonderland', password),
  );
  expect(extensions).toMatchObject({
    code: 'VALIDATION_FAILED',
    fields: [{ path: 'input.password' }],
  });
});

test('a password is any Unicode, and one however its keyboard composes it', async () => {
  await using server = await startServer();
  const composed = 'Schlüssel für Özge';
  const decomposed = composed.normalize('NFD');
  expect(decomposed).not.toBe(composed);
  await server.ask(SIGN_UP, signUpRequest('alice', composed));

  await server.ask(SIGN_IN, signInRequest('alice', { password: decomposed }));
  expect(
    await server.refusal(SIGN_IN, signInRequest('alice', { password: composed.toLowerCase() })),
  ).toBe('INVALID_CREDENTIALS');
});

test('spaces around a password belong to it', async () => {
  await using server = await startServer();
  await server.ask(SIGN_UP, signUpRequest('alice', ' twelve characters '));
  const trimmed = signInRequest('alice', { password: 'twelve characters' });
  expect(await server.refusal(SIGN_IN, trimmed)).toBe('INVALID_CREDENTIALS');
});

test('passwords are stored as Argon2id with 19 MiB, two passes and one lane', async () => {
  await using server = await startServer();
  await server.ask(SIGN_UP, signUpRequest('alice'));
  await using stored = await openStored(server.database);
  const [row] = await stored.all<{ passwordHash: string }>('SELECT passwordHash FROM accounts');
  expect(row?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});
