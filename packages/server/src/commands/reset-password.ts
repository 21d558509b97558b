import { loadConfig } from '../config.js';
import { createLog } from '../core/log.js';
import { openServices } from '../open-services.js';
import { readAccountArguments } from './account-arguments.js';

/**
 * Gives the account that is named a new password and ends its sessions: for a password that is lost, the administrator's too. Who
 * may start it may read the database. SQLite has one owner, so its server is stopped meanwhile; on MySQL the others go on.
 */
async function resetPassword(): Promise<string> {
  const usage = 'npm run reset-password -- USERNAME [--password-stdin]';
  const { words, password } = await readAccountArguments(usage);
  const [username = ''] = words;
  const config = loadConfig(process.env);
  process.stderr.write(`The database is ${config.database.location}\n`);
  const log = createLog({ logLevel: 'silent' });
  const { services, close } = await openServices(config, log, { mustExist: true });
  try {
    const made = await services.passwordChange.reset(username, password);
    return password === undefined
      ? `The password of ${username} is now ${made}`
      : `${username} has the given password now.`;
  } finally {
    await close();
  }
}

process.umask(0o077);
try {
  process.stdout.write(`${await resetPassword()}
Every session of the account has ended. Sign in, and choose another password under Account.
`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
