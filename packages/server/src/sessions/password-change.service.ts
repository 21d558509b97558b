import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import type { AccountService } from '../accounts/account.service.js';
import { passwordProblem } from '../accounts/password-policy.js';
import { requireValid } from '../core/validation.js';
import type { PasswordHasher } from '../crypto/password.js';
import { newPassword } from '../crypto/secret.js';
import type { QueuePlace } from '../crypto/work-queue.js';
import type { Database } from '../database/database.js';
import { Account } from '../database/entities/account.entity.js';
import type { Session } from '../database/entities/session.entity.js';
import type { KnownClients } from './known-clients.js';
import type { PasswordCheck } from './password-check.js';
import type { SessionEndingService } from './session-ending.service.js';

/** Changes a password, which ends every session but the one that changes it. */
export class PasswordChangeService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountService,
    private readonly endings: SessionEndingService,
    private readonly passwords: PasswordHasher,
    private readonly passwordCheck: PasswordCheck,
    private readonly knownClients: KnownClients,
  ) {}

  /** @throws LatchkeyError INVALID_CREDENTIALS, RATE_LIMITED, VALIDATION_FAILED, CONFLICT */
  async change(session: Session, currentPassword: string, newPassword: string): Promise<void> {
    const account = await this.accounts.byId(session.accountId);
    requireValid(['newPassword', passwordProblem(newPassword, account.username)]);
    await this.passwordCheck.confirm(session, account, currentPassword);
    const passwordHash = await this.passwords.hash(newPassword, placeOf(account));
    await this.database.transaction(async (transaction) => {
      await transaction.lockAccount(account.id);
      const { affected } = await transaction.manager.update(
        Account,
        { id: account.id, passwordHash: account.passwordHash },
        { passwordHash },
      );
      if (affected !== 1) throw changedMeanwhile();
      await this.endings.endOthersWithin(transaction, account, session.id);
      // Somebody who had the old password may have signed in with it: only this session's network is still its owner's.
      await this.knownClients.forget(transaction, account.id);
      await this.knownClients.rememberNetwork(transaction, account, session.ipAddress);
    });
  }

  /**
   * Gives an account a new password, as the server's operator may, and ends all of its sessions. Personal tokens stay.
   * @returns the password.
   * @throws LatchkeyError NOT_FOUND, VALIDATION_FAILED
   */
  async reset(username: string, password = newPassword()): Promise<string> {
    const account = await this.accounts.byUsername(username);
    if (account === null) {
      throw new LatchkeyError(ErrorCode.NOT_FOUND, `There is no account ${username}.`);
    }
    requireValid(['password', passwordProblem(password, account.username)]);
    const passwordHash = await this.passwords.hash(password, placeOf(account));
    await this.database.transaction(async (transaction) => {
      await transaction.lockAccount(account.id);
      await transaction.manager.update(Account, { id: account.id }, { passwordHash });
      const note = "Its session was ended when the password was reset by the server's operator.";
      await this.endings.endAll(transaction, account.id, note);
      await this.knownClients.forget(transaction, account.id);
    });
    return password;
  }
}

function placeOf({ username }: Account): QueuePlace {
  return { lane: 'known', owner: username };
}

function changedMeanwhile(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.CONFLICT,
    'The password was changed elsewhere in the meantime. Sign in with the new one.',
  );
}
