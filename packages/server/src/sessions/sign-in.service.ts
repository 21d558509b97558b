import { ErrorCode, LatchkeyError, LIMITS } from '@latchkey/shared';
import { IsNull } from 'typeorm';
import type { AccountService } from '../accounts/account.service.js';
import { foldUsername } from '../accounts/username.js';
import type { Clock } from '../core/clock.js';
import type { MakeId } from '../core/ids.js';
import { networkOf } from '../core/network.js';
import { requireValid } from '../core/validation.js';
import type { PasswordHasher } from '../crypto/password.js';
import { digestOf, newSecret } from '../crypto/secret.js';
import type { Database, Transaction } from '../database/database.js';
import type { AccessToken } from '../database/entities/access-token.entity.js';
import { Account } from '../database/entities/account.entity.js';
import { RemovalReason } from '../database/entities/removal-reason.js';
import { ClientKind, Session } from '../database/entities/session.entity.js';
import type { SessionTokenService } from '../tokens/session-token.service.js';
import type { TokenWithSecret } from '../tokens/token-store.js';
import { type Device, deviceChecks } from './device.js';
import type { SessionService } from './session.service.js';
import { liveUntil, type SessionLifetimes } from './session-clock.js';
import type { Attempt, SignInThrottle } from './sign-in-throttle.js';

export interface SignIn {
  readonly username: string;
  readonly password: string;
  readonly client: ClientKind;
  readonly device: Device | undefined;
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

export interface SignedIn {
  readonly account: Account;
  readonly session: Session;
  /** Shown once; only its digest is kept. */
  readonly sessionSecret: string;
  /** A desktop sign-in's. */
  readonly token: TokenWithSecret | undefined;
  /** What the five-token rule or the same device's new sign-in removed. */
  readonly removed: readonly AccessToken[];
}

/** As many characters as the column holds. */
const USER_AGENT_KEPT = 256;
/** The networks that an account is known from are those of its newest sessions. */
const LATEST_ADDRESSES =
  'SELECT ipAddress FROM sessions WHERE accountId = ? ORDER BY createdAt DESC LIMIT 200';

/** Opens sessions. */
export class SignInService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountService,
    private readonly passwords: PasswordHasher,
    private readonly throttle: SignInThrottle,
    private readonly sessions: SessionService,
    private readonly tokens: SessionTokenService,
    private readonly clock: Clock,
    private readonly makeId: MakeId,
    private readonly lifetimes: SessionLifetimes,
  ) {}

  /**
   * Checks the password and opens a session; a desktop's mints its token in the same transaction.
   * @throws LatchkeyError INVALID_CREDENTIALS, RATE_LIMITED, VALIDATION_FAILED, UNAVAILABLE
   */
  async signIn(input: SignIn): Promise<SignedIn> {
    requireValid(
      ['input.device', deviceProblem(input)],
      ...(input.device ? deviceChecks(input.device) : []),
    );
    const account = await this.#checkPassword(input);
    if (input.client === ClientKind.DESKTOP) await this.tokens.prepare();
    const sessionSecret = newSecret('SESSION');
    const opened = await this.database.transaction(async (transaction) => {
      await transaction.lockAccount(account.id);
      await this.#requireSamePassword(transaction, account);
      const session = this.#newSession(account, input, digestOf(sessionSecret));
      const replaced = await this.#replaceSameDevice(transaction, session);
      await transaction.manager.insert(Session, session);
      if (session.client !== ClientKind.DESKTOP)
        return { session, token: undefined, removed: replaced };
      await this.sessions.endExpiredOf(transaction, account.id);
      const { pruned, ...token } = await this.tokens.mint(transaction, session);
      return { session, token, removed: [...replaced, ...pruned] };
    });
    return { account, sessionSecret, ...opened };
  }

  async #checkPassword({ username, password, ...input }: SignIn): Promise<Account> {
    const account = await this.accounts.byUsername(username);
    const attempt = await this.#attempt(foldUsername(username), account, input);
    // An over-long password is nobody's; hashing it would only cost.
    const candidate = password.length <= 4 * LIMITS.passwordMaxLength ? password : '';
    const gate = this.throttle.gate(attempt);
    const matches = await this.passwords.verify(account?.passwordHash, candidate, gate);
    if (matches && account !== null) return account;
    throw invalidCredentials();
  }

  async #attempt(
    username: string,
    account: Account | null,
    { ipAddress, device }: Pick<SignIn, 'ipAddress' | 'device'>,
  ): Promise<Attempt> {
    const { manager, sql } = this.database;
    // An unknown name costs what a known one does.
    const accountId = account?.id ?? '';
    const deviceId = device?.id ?? '';
    const deviceIsKnown = await manager.existsBy(Session, { accountId, deviceId });
    const latest = await sql.all<Pick<Session, 'ipAddress'>>(LATEST_ADDRESSES, [accountId]);
    const network = networkOf(ipAddress);
    return {
      username: username.slice(0, LIMITS.usernameMaxLength + 1),
      address: ipAddress,
      knownDeviceId: deviceIsKnown ? deviceId : undefined,
      knownAddress: latest.some((session) => networkOf(session.ipAddress) === network),
    };
  }

  /** A password that was changed while this sign-in waited its turn opens nothing any more. */
  async #requireSamePassword({ manager }: Transaction, account: Account): Promise<void> {
    const { id, passwordHash } = account;
    if (!(await manager.existsBy(Account, { id, passwordHash }))) throw invalidCredentials();
  }

  #newSession(account: Account, input: SignIn, secretDigest: string): Session {
    const now = this.clock.now();
    const expiresAt = now + this.lifetimes.sessionMaxMs;
    return {
      id: this.makeId(),
      accountId: account.id,
      secretDigest,
      client: input.client,
      deviceId: input.device?.id ?? null,
      deviceName: input.device?.name ?? null,
      devicePlatform: input.device?.platform ?? null,
      deviceAppVersion: input.device?.appVersion ?? null,
      ipAddress: input.ipAddress,
      userAgent: input.userAgent?.slice(0, USER_AGENT_KEPT) ?? null,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      liveUntil: liveUntil(now, expiresAt, this.lifetimes),
      endedAt: null,
      endReason: null,
    };
  }

  async #replaceSameDevice(transaction: Transaction, session: Session): Promise<AccessToken[]> {
    const { accountId, deviceId, client, deviceName } = session;
    if (deviceId === null) return [];
    const own = await transaction.manager.findBy(Session, {
      accountId,
      deviceId,
      client,
      endedAt: IsNull(),
    });
    const note = `Replaced when ${deviceName} signed in again.`;
    const removed = await this.sessions.end(transaction, own, RemovalReason.REPLACED, note);
    return this.tokens.tombstones(transaction, removed);
  }
}

function deviceProblem({ client, device }: SignIn): string | undefined {
  if (client !== ClientKind.DESKTOP || device !== undefined) return undefined;
  return 'A desktop sign-in names its device.';
}

function invalidCredentials(): LatchkeyError {
  return new LatchkeyError(
    ErrorCode.INVALID_CREDENTIALS,
    'The username or the password is wrong. Check both and try again.',
  );
}
