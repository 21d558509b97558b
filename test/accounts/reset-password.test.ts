import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../support/command.js';
import { PASSWORD } from '../support/latchkey.js';
import { createToken, signInOn, signUp, verify } from '../support/people.js';
import { makeHome, type TestHome } from '../support/process.js';

const SIGN_IN = `mutation ($password: String!) {
  signIn(input: { username: "alice", password: $password }) { session { id } } }`;

function reset({ database }: TestHome, ...names: string[]) {
  return runCommand('reset-password', names, { DATABASE_URL: database.url, ...database.env });
}

test('a reset gives a password that signs in, and ends every session and its token', async () => {
  await using home = await makeHome();
  let server = await home.start();
  await signUp(server, 'alice');
  const { sessionSecret, accessTokenSecret } = await signInOn(server, 'alice', 'laptop');
  const personal = await createToken(server, sessionSecret);
  expect(await verify(server, accessTokenSecret)).toBe(200);
  // SQLite's database has one owner; on MySQL it is reset beside the servers.
  if (home.database.engine === 'sqlite') await server.stop();

  const [, password = ''] = /is now (\S+)/.exec((await reset(home, 'Alice')).stdout) ?? [];

  if (home.database.engine === 'sqlite') server = await home.start();
  expect(await verify(server, accessTokenSecret)).toBe(401);
  expect(await verify(server, personal.secret)).toBe(200);
  expect(await server.refusal('{ sessions { id } }', { secret: sessionSecret })).toBe(
    'SESSION_EXPIRED',
  );
  expect(await server.refusal(SIGN_IN, { variables: { password: PASSWORD } })).toBe(
    'INVALID_CREDENTIALS',
  );
  expect(await server.ask(SIGN_IN, { variables: { password } })).toMatchObject({
    signIn: { session: {} },
  });
});

test('what cannot be reset is named, and nothing is changed', async () => {
  await using home = await makeHome();
  await (await home.start()).stop();

  expect(await reset(home)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Name the account: npm run reset-password -- USERNAME'),
  });
  expect(await reset(home, 'bob')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('There is no account bob.'),
  });
});

test('a reset makes no database where the address is mistyped', async () => {
  await using home = await makeHome();
  const missing = join(home.folder, 'data', 'latchkey.sqlite');
  const url = home.database.engine === 'sqlite' ? `sqlite:${missing}` : home.database.url;

  const { exitCode, stderr } = await runCommand('reset-password', ['alice'], {
    ...home.database.env,
    DATABASE_URL: url,
  });

  expect(exitCode).toBe(1);
  const location = home.database.engine === 'sqlite' ? missing : new URL(url).pathname.slice(1);
  expect(stderr).toMatch(new RegExp(`There is no database of Latchkey's at .*${location}`));
  expect(existsSync(join(home.folder, 'data'))).toBe(false);
  // Or a server would have said nothing of it.
  const server = await home.start();
  expect(server.log.join()).toContain('A new database was made');
});
