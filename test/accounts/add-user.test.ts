import { expect, test } from 'vitest';
import { runCommand } from '../support/command.js';
import { SIGN_IN, signInRequest } from '../support/people.js';
import { makeHome, type TestHome } from '../support/process.js';

const CLOSED = { LATCHKEY_SIGN_UPS: 'closed' };

/** Runs a command while the server is stopped, which SQLite asks for, or beside it on MySQL. */
async function beside(home: TestHome, work: () => Promise<void>) {
  let server = await home.start(CLOSED);
  if (home.database.engine === 'sqlite') await server.stop();
  await work();
  if (home.database.engine === 'sqlite') server = await home.start(CLOSED);
  return server;
}

test('a user is added while sign-ups are closed, with a new password or a given one; the first administers', async () => {
  await using home = await makeHome();
  const env = { DATABASE_URL: home.database.url, ...home.database.env };
  const add = (words: string[], input?: string) => runCommand('add-user', words, env, input);
  let printed = '';
  const server = await beside(home, async () => {
    const first = await add(['Alice', 'alice@example.com']);
    expect(first.stdout).toMatch(/^alice is an administrator now\. The password is \S{20}\n$/);
    printed = first.stdout.trim().split(' ').at(-1) ?? '';
    const second = await add(['bob', '--password-stdin'], 'a given long password\n');
    expect(second.stdout).toBe('bob is a member now. The password is the given one.\n');

    expect((await add(['alice'])).stderr).toContain('This username is taken.');

    const reset = await runCommand(
      'reset-password',
      ['bob', '--password-stdin'],
      env,
      'yet another password',
    );
    expect(reset.stdout).toContain('bob has the given password now.');
  });
  await server.ask(SIGN_IN, signInRequest('alice', { password: printed }));
  await server.ask(SIGN_IN, signInRequest('bob', { password: 'yet another password' }));
  expect(await server.refusal(SIGN_IN, signInRequest('carol'))).toBe('INVALID_CREDENTIALS');
});

test('a command that is called wrongly says how, and takes no password as an argument', async () => {
  const usage = 'Name the account: npm run add-user -- USERNAME';
  const cases: [string[], string][] = [
    [[], usage],
    [['a', 'b', 'c'], usage],
    [['carol', '--password-stdin'], 'there is no password on standard input'],
    [['carol', '--password=secret'], "Unknown option '--password'"],
  ];
  const answers = await Promise.all(
    cases.map(([words]) =>
      runCommand('add-user', words, { DATABASE_URL: 'sqlite:./nowhere' }, '\n'),
    ),
  );
  for (const [index, { exitCode, stdout, stderr }] of answers.entries()) {
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(cases[index]?.[1]);
  }
});
