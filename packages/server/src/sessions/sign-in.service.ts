import { IsNull } from 'typeorm';
import { requireValid } from '../core/validation.js';
import { digestOf, newSecret } from '../crypto/secret.js';
import type { Database, Transaction } from '../database/database.js';
import type { AccessToken } from '../database/entities/access-token.entity.js';
import { Account } from '../database/entities/account.entity.js';
import { RemovalReason } from '../database/entities/removal-reason.js';
import { ClientKind, Session } from '../database/entities/session.entity.js';
import type { SessionTokenService } from '../tokens/session-token.service.js';
import type { TokenWithSecret } from '../tokens/token-store.js';
import { type Device, deviceChecks } from './device.js';
import { isDeviceKey, type KnownClients } from './known-clients.js';
import type { NewSessions } from './new-session.js';
import { invalidCredentials, type PasswordCheck } from './password-check.js';
import type { SessionEndingService } from './session-ending.service.js';

export interface SignIn {
  readonly username: string;
  readonly password: string;
  readonly oneTimePassword: string | undefined;
  readonly client: ClientKind;
  readonly device: Device | undefined;
  /** What an earlier sign-in gave the device or the browser, where it did. */
  readonly deviceKey: string | undefined;
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

export interface SignedIn {
  readonly account: Account;
  readonly session: Session;
  /** Shown once; only its digest is kept. */
  readonly sessionSecret: string;
  /** By which the device or the browser is known at its next sign-in; undefined for a program that names none. */
  readonly deviceKey: string | undefined;
  /** A desktop sign-in's. */
  readonly token: TokenWithSecret | undefined;
  /** What the five-token rule or the same device's new sign-in removed. */
  readonly removed: readonly AccessToken[];
}

/** Opens sessions. */
export class SignInService {
  constructor(
    private readonly database: Database,
    private readonly passwordCheck: PasswordCheck,
    private readonly knownClients: KnownClients,
    private readonly newSessions: NewSessions,
    private readonly endings: SessionEndingService,
    private readonly tokens: SessionTokenService,
  ) {}

  /**
   * Checks the password and opens a session; a desktop's mints its token in the same transaction.
   * @throws LatchkeyError INVALID_CREDENTIALS, RATE_LIMITED, VALIDATION_FAILED, UNAVAILABLE
   */
  async signIn(input: SignIn): Promise<SignedIn> {
    requireValid(
      ['input.oneTimePassword', oneTimePasswordProblem(input)],
      ['input.device', deviceProblem(input)],
      ...(input.device ? deviceChecks(input.device) : []),
      ['input.device.key', deviceKeyProblem(input)],
    );
    const account = await this.passwordCheck.signIn(input.username, input.password, input);
    if (input.client === ClientKind.DESKTOP) await this.tokens.prepare();
    const sessionSecret = newSecret('SESSION');
    const opened = await this.database.transaction(async (transaction) => {
      await transaction.lockAccount(account.id);
      await this.#requireSamePassword(transaction, account);
      const session = this.newSessions.make(account.id, input, digestOf(sessionSecret));
      const replaced = await this.#replaceSameDevice(transaction, session);
      await transaction.manager.insert(Session, session);
      const deviceKey = await this.#remember(transaction, account, input);
      if (session.client !== ClientKind.DESKTOP)
        return { session, deviceKey, token: undefined, removed: replaced };
      await this.endings.endExpiredOf(transaction, account.id);
      const { pruned, ...token } = await this.tokens.mint(transaction, session);
      return { session, deviceKey, token, removed: [...replaced, ...pruned] };
    });
    return { account, sessionSecret, ...opened };
  }

  /** A password that was changed while this sign-in waited its turn opens nothing any more. */
  async #requireSamePassword({ manager }: Transaction, account: Account): Promise<void> {
    const { id, passwordHash } = account;
    if (!(await manager.existsBy(Account, { id, passwordHash }))) throw invalidCredentials();
  }

  /** One device may serve several accounts, each of which knows it by the same key: a new one would make it forget the others. */
  async #remember(
    transaction: Transaction,
    account: Account,
    { client, device, deviceKey, ipAddress }: SignIn,
  ): Promise<string | undefined> {
    await this.knownClients.rememberNetwork(transaction, account, ipAddress);
    if (client !== ClientKind.BROWSER && device === undefined) return undefined;
    return this.knownClients.rememberDevice(transaction, account, deviceKey);
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
    const removed = await this.endings.end(transaction, own, RemovalReason.REPLACED, note);
    return this.tokens.tombstones(transaction, removed);
  }
}

function deviceProblem({ client, device }: SignIn): string | undefined {
  if (client !== ClientKind.DESKTOP || device !== undefined) return undefined;
  return 'A desktop sign-in names its device.';
}

function deviceKeyProblem({ deviceKey }: SignIn): string | undefined {
  if (deviceKey === undefined || isDeviceKey(deviceKey)) return undefined;
  return "A device's key is what an earlier sign-in on it answered. Leave it out to get a new one.";
}

/** Taken and not looked at, it would be a second factor that is none. */
function oneTimePasswordProblem({ oneTimePassword }: SignIn): string | undefined {
  if (oneTimePassword === undefined) return undefined;
  return 'Two-factor sign-in is not available yet. Leave the one-time password out.';
}
