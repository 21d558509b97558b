import { expect, test } from 'vitest';
import { SIGN_UP, signUp, signUpRequest } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { openStored } from '../support/stored.js';

/** What `signUp` gives every account. */
const EMAIL = 'somebody@example.com';

test('what the database says of a row that it refuses is not logged, but which statement and why', async () => {
  await using home = await makeHome();
  const server = await home.start({ LATCHKEY_LOG_LEVEL: 'debug' });
  await using stored = await openStored(home.database);
  await stored.run('CREATE UNIQUE INDEX one_account_an_address ON accounts (email)');
  await signUp(server, 'alice');

  const { extensions } = await server.error(SIGN_UP, signUpRequest('mallory'));

  expect(extensions.code).toBe('INTERNAL');
  const line = await server.logged(extensions.errorId ?? 'no errorId');
  const code = { sqlite: 'SQLITE_CONSTRAINT_UNIQUE', mysql: 'ER_DUP_ENTRY' }[home.database.engine];
  expect(JSON.parse(line).err).toMatchObject({ code, statement: 'INSERT accounts' });
  const log = server.log.join('\n');
  for (const value of [EMAIL, 'mallory', '$argon2id$']) expect(log).not.toContain(value);
});
