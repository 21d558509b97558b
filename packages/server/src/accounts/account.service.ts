import { ErrorCode, FULL_SCOPE_SET, LatchkeyError, LIMITS } from '@latchkey/shared';
import type { Clock } from '../core/clock.js';
import type { MakeId } from '../core/ids.js';
import { networkOf } from '../core/network.js';
import { requireValid } from '../core/validation.js';
import type { PasswordHasher } from '../crypto/password.js';
import type { Database } from '../database/database.js';
import { Account, AccountRole } from '../database/entities/account.entity.js';
import { passwordProblem } from './password-policy.js';
import { type SetupCodeService, setupCodeProblem } from './setup-code.service.js';
import type { SignUpThrottle } from './sign-up-throttle.js';
import { foldUsername, usernameProblem } from './username.js';

export interface NewAccount {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

export interface SignUp extends NewAccount {
  readonly setupCode: string | undefined;
  /** From where. */
  readonly ipAddress: string;
}

/** Enough to catch a slip; only a letter that arrives proves an address. */
const EMAIL = /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u;

/** Makes accounts and finds them. */
export class AccountService {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordHasher,
    private readonly setupCodes: SetupCodeService,
    private readonly throttle: SignUpThrottle,
    private readonly signUps: 'open' | 'closed',
    private readonly clock: Clock,
    private readonly makeId: MakeId,
  ) {}

  /** Whether nobody has signed up yet: the next sign-up makes the administrator. */
  setupRequired(): Promise<boolean> {
    return this.setupCodes.required();
  }

  /** Whether a sign-up would be taken now. */
  async signUpsOpen(): Promise<boolean> {
    return this.signUps === 'open' || (await this.setupRequired());
  }

  /**
   * A new account; the first is the administrator's, and needs the set-up code.
   * @throws LatchkeyError FORBIDDEN where sign-ups are closed, VALIDATION_FAILED naming every wrong field, CONFLICT where
   * the username is taken, RATE_LIMITED.
   */
  async signUp({ ipAddress, setupCode, ...input }: SignUp): Promise<Account> {
    const isSetup = await this.setupRequired();
    if (!isSetup && this.signUps === 'closed') throw signUpsClosed();
    const valid = validAccount(input);
    const create = () =>
      this.#create(valid, networkOf(ipAddress), (first) => {
        if (first && !isSetup) throw setupCodeProblem('The first account needs the set-up code.');
        if (!first && this.signUps === 'closed') throw signUpsClosed();
      });
    if (!isSetup) return this.throttle.count(ipAddress, create);
    // Nobody who came before can keep the administrator out.
    await this.setupCodes.check(setupCode, ipAddress);
    return create();
  }

  /**
   * A new account by who runs the server, who needs no code; the first is the administrator's.
   * @throws LatchkeyError VALIDATION_FAILED naming every wrong field, CONFLICT where the username is taken.
   */
  add(input: NewAccount): Promise<Account> {
    return this.#create(validAccount(input), 'add', () => undefined);
  }

  /** @param admit may refuse it, as the first one or as another. */
  async #create(
    { username, email, password }: NewAccount,
    owner: string,
    admit: (first: boolean) => void,
  ): Promise<Account> {
    const passwordHash = await this.passwords.hash(password, { lane: 'strangers', owner });
    return this.database.transaction(async (transaction) => {
      const { manager } = transaction;
      await transaction.lockSignUps();
      const first = !(await manager.exists(Account));
      admit(first);
      if (await manager.existsBy(Account, { username })) throw usernameTaken();
      const account: Account = {
        id: this.makeId(),
        username,
        email,
        passwordHash,
        role: first ? AccountRole.ADMINISTRATOR : AccountRole.MEMBER,
        permissions: FULL_SCOPE_SET,
        createdAt: this.clock.now(),
      };
      await manager.insert(Account, account);
      if (first) await this.setupCodes.discard(transaction);
      return account;
    });
  }

  /** Finds an account by its name in any case. */
  async byUsername(username: string): Promise<Account | null> {
    const folded = foldUsername(username);
    const account = await this.database.manager.findOneBy(Account, { username: folded });
    // MySQL takes no notice of spaces at the end, of which each would have failed sign-ins counted by themselves.
    return account?.username === folded ? account : null;
  }

  /** An account that is known to exist. By a prepared statement: every `viewer` asks for one. */
  async byId(id: string): Promise<Account> {
    const account = await this.database.sql.get<Account>('SELECT * FROM accounts WHERE id = ?', [
      id,
    ]);
    if (account === undefined) throw new Error(`There is no account ${id}.`);
    return account;
  }
}

function validAccount({ password, ...input }: NewAccount): NewAccount {
  const username = foldUsername(input.username);
  const email = input.email.trim();
  requireValid(
    ['input.username', usernameProblem(username)],
    ['input.email', emailProblem(email)],
    ['input.password', passwordProblem(password, username)],
  );
  return { username, email, password };
}

function emailProblem(email: string): string | undefined {
  if (email.length <= LIMITS.emailMaxLength && EMAIL.test(email)) return undefined;
  return 'An email address looks like name@example.com.';
}

function signUpsClosed(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.FORBIDDEN,
    'Sign-ups are closed on this server. Ask its operator to open them for you.',
  );
}

function usernameTaken(): LatchkeyError {
  return new LatchkeyError(ErrorCode.CONFLICT, 'This username is taken. Choose another one.', {
    fields: [{ path: 'input.username', message: 'This username is taken. Choose another one.' }],
  });
}
