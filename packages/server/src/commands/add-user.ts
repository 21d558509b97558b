import { loadConfig } from '../config.js';
import { createLog } from '../core/log.js';
import { newPassword } from '../crypto/secret.js';
import { openServices } from '../open-services.js';
import { readAccountArguments } from './account-arguments.js';

/**
 * Makes an account, whether sign-ups are open or not; the first one is the administrator's. Who may start it may write to
 * the database. SQLite has one owner, so its server is stopped meanwhile; on MySQL the others go on.
 */
async function addUser(): Promise<string> {
  const usage = 'npm run add-user -- USERNAME [EMAIL] [--password-stdin]';
  const { words, password: given } = await readAccountArguments(usage, 2);
  const [username = '', email = `${username}@localhost`] = words;
  const password = given ?? newPassword();
  const config = loadConfig(process.env);
  process.stderr.write(`The database is ${config.database.location}\n`);
  const log = createLog({ logLevel: 'silent' });
  const { services, close } = await openServices(config, log, { mustExist: true });
  try {
    const account = await services.accounts.add({ username, email, password });
    const what = account.role === 'ADMINISTRATOR' ? 'an administrator' : 'a member';
    const how =
      given === undefined ? `The password is ${password}` : 'The password is the given one.';
    return `${account.username} is ${what} now. ${how}`;
  } finally {
    await close();
  }
}

process.umask(0o077);
try {
  process.stdout.write(`${await addUser()}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
