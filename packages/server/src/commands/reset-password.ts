import { loadConfig } from '../config.js';
import { createLog } from '../core/log.js';
import { openServices } from '../open-services.js';

/**
 * Gives the account that is named a new password and ends its sessions: for a password that is lost, the administrator's too. Who
 * may start it may read the database. SQLite has one owner, so its server is stopped meanwhile; on MySQL the others go on.
 */
async function resetPassword(username: string | undefined): Promise<string> {
  if (username === undefined) {
    throw new Error('Name the account: npm run reset-password -- USERNAME');
  }
  const config = loadConfig(process.env);
  process.stderr.write(`The database is ${config.database.location}\n`);
  const log = createLog({ logLevel: 'silent' });
  const { services, close } = await openServices(config, log, { mustExist: true });
  try {
    return await services.passwordChange.reset(username);
  } finally {
    await close();
  }
}

process.umask(0o077);
try {
  const username = process.argv[2];
  const password = await resetPassword(username);
  process.stdout.write(`The password of ${username} is now ${password}
Every session of the account has ended. Sign in, and choose another password under Account.
`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
