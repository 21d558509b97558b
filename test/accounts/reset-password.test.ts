import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { PASSWORD } from '../support/latchkey.js';
import { createToken, signInOn, signUp, verify } from '../support/people.js';
import { makeHome, type TestHome } from '../support/process.js';

const serverEntry = createRequire(import.meta.url).resolve('@latchkey/server');

const SIGN_IN = `mutation ($password: String!) {
  signIn(input: { username: "alice", password: $password }) { session { id } } }`;

async function reset({ database }: TestHome, ...names: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(dirname(serverEntry), 'reset-password.js'), ...names],
    { env: { DATABASE_URL: database.url, ...database.env } },
  );
  return stdout;
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

  const [, password = ''] = /is now (\S+)/.exec(await reset(home, 'Alice')) ?? [];

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

  await expect(reset(home)).rejects.toThrow('Name the account: npm run reset-password -- USERNAME');
  await expect(reset(home, 'bob')).rejects.toThrow('There is no account bob.');
});
