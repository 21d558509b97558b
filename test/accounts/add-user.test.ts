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

    const wrong: [string[], string | undefined, string][] = [
      [[], undefined, 'Name the account: npm run add-user -- USERNAME'],
      [['a', 'b', 'c'], undefined, 'Name the account'],
      [['alice'], undefined, 'This username is taken.'],
      [['b_b'], undefined, 'A username holds'],
      [['carol', 'nowhere'], undefined, 'An email address looks like'],
      [['carol', '--password-stdin'], 'short\n', 'A password has 12 characters or more.'],
      [['carol', '--password-stdin'], '\n', 'there is no password on standard input'],
      [['carol', '--password=x'], undefined, '--password'],
    ];
    for (const [words, input, sentence] of wrong) {
      const { exitCode, stderr, stdout } = await add(words, input);
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain(sentence);
    }

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
