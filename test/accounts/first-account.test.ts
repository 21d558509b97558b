import { loadConfig } from '@latchkey/server';
import { expect, inject, test } from 'vitest';
import { PASSWORD, SETUP_CODE, startServer, type TestServer } from '../support/latchkey.js';
import { SIGN_UP, signUp, signUpRequest } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { openStored } from '../support/stored.js';

const NO_CODE = { LATCHKEY_SETUP_CODE: '' };

const signUpWith = (setupCode?: string | null, headers: Record<string, string> = {}) => ({
  variables: {
    input: { username: 'alice', email: 'a@example.com', password: PASSWORD, setupCode },
  },
  headers,
});

const required = async (server: Pick<TestServer, 'ask'>) =>
  (await server.ask('{ serverInfo { setupRequired } }')).serverInfo.setupRequired as boolean;

test('who does not have the set-up code makes no first account', async () => {
  await using server = await startServer();
  for (const code of [undefined, null, '', ' ', 'wrong', SETUP_CODE.slice(1), `${SETUP_CODE}x`]) {
    const { extensions } = await server.error(SIGN_UP, signUpWith(code));
    expect(extensions.code).toBe('VALIDATION_FAILED');
    expect(extensions.fields?.map(({ path }) => path)).toEqual(['input.setupCode']);
  }
  expect(await required(server)).toBe(true);
  expect(await server.refusal(SIGN_UP, signUpWith(` ${SETUP_CODE}\n`))).toBe('not refused');
  expect(await required(server)).toBe(false);
});

test('later accounts need no code', async () => {
  await using server = await startServer();
  await signUp(server, 'administrator');
  expect((await server.ask(SIGN_UP, signUpWith())).signUp.role).toBe('MEMBER');
});

test('wrong codes are counted by network and by IPv6 site, and others go on', async () => {
  await using server = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const guess = (code: string | undefined, address: string) =>
    server.refusal(SIGN_UP, signUpWith(code, from(address)));
  for (let count = 0; count < 20; count++) await guess(undefined, '2001:db8:1::1');
  for (let count = 0; count < 10; count++) {
    expect(await guess(`wrong ${count}`, `2001:db8:1:${count}::1`)).toBe('VALIDATION_FAILED');
  }
  expect(await guess(SETUP_CODE, '2001:db8:1:ffff::1')).toBe('RATE_LIMITED');
  expect(await guess(SETUP_CODE, '192.0.2.1')).toBe('not refused');
});

test('a server makes a code of its own, on standard error alone, good after a restart until it is used', async () => {
  await using home = await makeHome();
  const first = await home.start(NO_CODE);
  await expect.poll(() => first.notes.join('\n')).toContain('Stop with');
  const [, code = ''] =
    /administrator's account at http:\S+\/#setup=([0-9a-f]{20})\n/.exec(first.notes.join('\n')) ??
    [];
  expect(code).not.toBe('');
  await first.stop();
  expect(first.log.join('\n')).not.toContain(code);

  const second = await home.start(NO_CODE);
  expect(await second.refusal(SIGN_UP, signUpWith(SETUP_CODE))).toBe('VALIDATION_FAILED');
  expect(await second.refusal(SIGN_UP, signUpWith(code))).toBe('not refused');
  await using stored = await openStored(home.database);
  expect(await stored.all('SELECT * FROM setup_codes')).toEqual([]);
});

test.runIf(inject('mysqlServer') !== undefined)(
  'the code of one server is good on every other of its database, and makes one administrator',
  async () => {
    await using home = await makeHome();
    const [one, other] = [await home.start(NO_CODE), await home.start(NO_CODE)];
    await expect.poll(() => one.notes.join('\n')).toContain('#setup=');
    const [, code] = /#setup=(\S+)/.exec(one.notes.join('\n')) ?? [];
    const answers = await Promise.all(
      [one, other, one, other].map((server, index) => {
        const { variables } = signUpRequest(`user${index}`) as { variables: { input: object } };
        const input = { ...variables.input, setupCode: code };
        return server.ask(SIGN_UP, { variables: { input } });
      }),
    );
    const roles = answers.map(({ signUp: { role } }) => role);
    expect(roles.filter((role) => role === 'ADMINISTRATOR')).toHaveLength(1);
  },
);

test.each(['short', 'twelve and more', 'x'.repeat(129)])(
  'the set-up code %s is refused',
  (code) => {
    expect(() => loadConfig({ LATCHKEY_SETUP_CODE: code })).toThrow(
      'LATCHKEY_SETUP_CODE must have 12 to 128 characters and no white space',
    );
  },
);
