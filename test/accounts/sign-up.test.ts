import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { SIGN_UP, signIn, signUp, signUpRequest } from '../support/people.js';

test('the first account is the administrator and all others are members', async () => {
  await using server = await startServer();
  const first = await server.ask(SIGN_UP, signUpRequest('alice'));
  const second = await server.ask(SIGN_UP, signUpRequest('bob'));

  expect(first.signUp.role).toBe('ADMINISTRATOR');
  expect(second.signUp.role).toBe('MEMBER');
});

test('of ten first sign-ups at once exactly one is the administrator', async () => {
  await using server = await startServer();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => server.ask(SIGN_UP, signUpRequest(`user${index}`))),
  );
  const roles = answers.map(({ signUp }) => signUp.role);

  expect(roles.filter((role) => role === 'ADMINISTRATOR')).toHaveLength(1);
});

test('closed sign-ups take the first account only, also from many at once', async () => {
  await using server = await startServer({ LATCHKEY_SIGN_UPS: 'closed' });
  expect((await server.ask('{ serverInfo { setupRequired signUpsOpen } }')).serverInfo).toEqual({
    setupRequired: true,
    signUpsOpen: true,
  });
  const codes = await Promise.all(
    ['one', 'two', 'three'].map((name) => server.refusal(SIGN_UP, signUpRequest(name))),
  );

  expect(codes.sort()).toEqual(['FORBIDDEN', 'FORBIDDEN', 'not refused']);
  expect(await server.refusal(SIGN_UP, signUpRequest('four'))).toBe('FORBIDDEN');
  expect((await server.ask('{ serverInfo { setupRequired signUpsOpen } }')).serverInfo).toEqual({
    setupRequired: false,
    signUpsOpen: false,
  });
});

test.each(['ab', 'a-b', 'a1', '0', 'x'.repeat(39)].filter((name) => name.length > 1))(
  'the username %s is taken',
  async (username) => {
    await using server = await startServer();
    expect((await server.ask(SIGN_UP, signUpRequest(username))).signUp.username).toBe(username);
  },
);

test('usernames outside 2 to 39 of a–z, 0–9 and single hyphens are refused with the path', async () => {
  await using server = await startServer();
  const wrong = [
    '',
    'a',
    'x'.repeat(40),
    'a--b',
    '-a',
    'a-',
    'a_b',
    'a b',
    'a.b',
    'ä1',
    'a\u0000b',
  ];
  wrong.push('admin\u202e', 'аlice', ' alice');
  for (const username of wrong) {
    const { extensions } = await server.error(SIGN_UP, signUpRequest(username));
    expect(extensions.code, JSON.stringify(username)).toBe('VALIDATION_FAILED');
    expect(extensions.fields?.map(({ path }) => path)).toEqual(['input.username']);
  }
  expect((await server.ask('{ serverInfo { setupRequired } }')).serverInfo.setupRequired).toBe(
    true,
  );
});

test('usernames are one in any case, at the sign-up and at the sign-in', async () => {
  await using server = await startServer();
  expect((await server.ask(SIGN_UP, signUpRequest('Alice'))).signUp.username).toBe('alice');

  const { extensions } = await server.error(SIGN_UP, signUpRequest('ALICE'));
  expect(extensions).toMatchObject({ code: 'CONFLICT', fields: [{ path: 'input.username' }] });
  expect((await signIn(server, 'aLiCe')).sessionSecret).toMatch(/^lks_/);
});

test('one username wanted by many at once goes to one of them', async () => {
  await using server = await startServer();
  await signUp(server, 'first');
  const codes = await Promise.all(
    Array.from({ length: 6 }, () => server.refusal(SIGN_UP, signUpRequest('alice'))),
  );
  expect(codes.filter((code) => code === 'not refused')).toHaveLength(1);
  expect(codes.filter((code) => code === 'CONFLICT')).toHaveLength(5);
});

test('every wrong field of a sign-up is named at once', async () => {
  await using server = await startServer();
  const input = { username: '-', email: 'nowhere', password: 'short', setupCode: 'wrong' };
  const variables = { input };
  const { extensions } = await server.error(SIGN_UP, { variables });

  expect(extensions.fields?.map(({ path }) => path)).toEqual([
    'input.username',
    'input.email',
    'input.password',
  ]);
});
