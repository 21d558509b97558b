import { ErrorCode, LatchkeyError, LIMITS } from '@latchkey/shared';
import type { AccountService } from '../accounts/account.service.js';
import { foldUsername } from '../accounts/username.js';
import type { PasswordHasher } from '../crypto/password.js';
import type { Account } from '../database/entities/account.entity.js';
import type { Session } from '../database/entities/session.entity.js';
import type { KnownClients, SignInOrigin } from './known-clients.js';
import type { Attempt, SignInThrottle } from './sign-in-throttle.js';

/** Checks passwords, each guess counted. */
export class PasswordCheck {
  constructor(
    private readonly accounts: AccountService,
    private readonly knownClients: KnownClients,
    private readonly passwords: PasswordHasher,
    private readonly throttle: SignInThrottle,
  ) {}

  /**
   * The account that has this name and password. A name that nobody has costs what any other does: the limits come
   * before anything that depends on the account, then the same statements, then the same hash.
   * @throws LatchkeyError INVALID_CREDENTIALS, RATE_LIMITED, UNAVAILABLE
   */
  async signIn(username: string, password: string, origin: SignInOrigin): Promise<Account> {
    const folded = foldUsername(username);
    const { device, network } = await this.knownClients.recognize(folded, origin);
    const account = await this.#verify(
      password,
      {
        username: folded,
        ipAddress: origin.ipAddress,
        device,
        isKnownNetwork: network,
      },
      () => this.accounts.byUsername(folded),
    );
    if (account === undefined) throw invalidCredentials();
    return account;
  }

  /**
   * The account of a session, whose password this is. Guessing through a session that was left open is counted by
   * itself, as a known device is.
   * @throws LatchkeyError INVALID_CREDENTIALS, RATE_LIMITED, UNAVAILABLE
   */
  async confirm(session: Session, account: Account, password: string): Promise<void> {
    const attempt = {
      username: account.username,
      ipAddress: session.ipAddress,
      device: `session ${session.id}`,
      isKnownNetwork: true,
    };
    const confirmed = await this.#verify(password, attempt, () => Promise.resolve(account));
    if (confirmed !== undefined) return;
    throw new LatchkeyError(
      ErrorCode.INVALID_CREDENTIALS,
      'The current password is wrong. Nothing was changed.',
    );
  }

  async #verify(
    password: string,
    attempt: Attempt,
    findOwner: () => Promise<Account | null>,
  ): Promise<Account | undefined> {
    const admit = () => this.throttle.admit(attempt);
    await admit();
    const isKnown = attempt.device !== undefined || attempt.isKnownNetwork;
    // An over-long password is nobody's; hashing it would only cost.
    const candidate = password.length <= 4 * LIMITS.passwordMaxLength ? password : '';
    return this.passwords.verify(candidate, {
      place: { lane: isKnown ? 'known' : 'strangers', owner: attempt.username },
      admit,
      findOwner,
      settle: (matches) => this.throttle.settle(attempt, matches),
    });
  }
}

export function invalidCredentials(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.INVALID_CREDENTIALS,
    'The username or the password is wrong. Check both and try again.',
  );
}
