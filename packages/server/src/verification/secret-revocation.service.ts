import { secretKindOf } from '@latchkey/shared';
import { inBatches } from '../core/batches.js';
import type { Clock } from '../core/clock.js';
import { digestOf } from '../crypto/secret.js';
import type { Database, Transaction } from '../database/database.js';
import { AccessToken } from '../database/entities/access-token.entity.js';
import { AccessTokenSecret } from '../database/entities/access-token-secret.entity.js';
import type { RemovalReason } from '../database/entities/removal-reason.js';
import { Session } from '../database/entities/session.entity.js';
import { UseOutcome } from '../database/entities/usage-event.js';
import { AccessTokenChangeKind } from '../pubsub/events.js';
import type { ResourceServerService } from '../resource-servers/resource-server.service.js';
import type { SessionEndingService } from '../sessions/session-ending.service.js';
import type { TokenStore } from '../tokens/token-store.js';
import type { UsageLog, Use } from '../usage/usage-log.js';

const OWNER = `SELECT token.accountId
  FROM access_token_secrets secret JOIN access_tokens token ON token.id = secret.accessTokenId
  WHERE secret.digest = ?
  UNION ALL SELECT accountId FROM sessions WHERE secretDigest = ?`;

/** A transaction holds the accounts of so many secrets, and on SQLite everybody else's writes, until it ends. */
const SECRETS_A_STEP = 25;

/** Why, as it stands in the tombstone and in what its owner is told. */
export interface Ending {
  readonly reason: RemovalReason;
  readonly note: string;
  /** By which endpoint and from where, as the record of uses has it. */
  readonly asked: Pick<Use, 'endpoint' | 'action' | 'resource' | 'ipAddress' | 'userAgent'>;
}

/** A secret of an account's token or session. */
interface Owned {
  readonly digest: string;
  readonly accountId: string;
}

/** Ends what a secret opens, for anybody who holds the secret; its owner hears of it as of any removal. */
export class SecretRevocationService {
  constructor(
    private readonly database: Database,
    private readonly store: TokenStore,
    private readonly endings: SessionEndingService,
    private readonly resourceServers: ResourceServerService,
    private readonly usageLog: UsageLog,
    private readonly clock: Clock,
  ) {}

  /**
   * All of `secrets` that are good; the others are passed over, so the caller learns nothing of which were. Where it breaks
   * off, some are over: asked for again, it goes on with the rest.
   */
  async revoke(secrets: readonly string[], ending: Ending): Promise<void> {
    const trimmed = secrets.map((secret) => secret.trim());
    const left = [...new Set(trimmed)].filter((secret) => secretKindOf(secret) !== undefined);
    await inBatches(async () => {
      await this.#revokeTogether(left.splice(0, SECRETS_A_STEP), ending);
      return left.length > 0;
    });
  }

  async #revokeTogether(secrets: readonly string[], ending: Ending): Promise<void> {
    const owned: Owned[] = [];
    const ofServers: string[] = [];
    for (const secret of secrets) {
      const digest = digestOf(secret);
      if (secretKindOf(secret) === 'RESOURCE_SERVER') {
        if (await this.resourceServers.authenticate(secret)) ofServers.push(digest);
      } else {
        const accountId = await this.#ownerOf(digest);
        if (accountId !== undefined) owned.push({ digest, accountId });
      }
    }
    if (owned.length + ofServers.length === 0) return;
    const accountIds = [...new Set(owned.map(({ accountId }) => accountId))].sort();
    const stillWorking = await this.database.transaction(async (transaction) => {
      const tokens: AccessToken[] = [];
      for (const accountId of accountIds) await transaction.lockAccount(accountId);
      for (const { digest } of owned) {
        const token = await this.#revokeToken(transaction, digest, ending);
        if (token !== undefined) tokens.push(token);
        await this.#endSession(transaction, digest, ending);
      }
      for (const digest of ofServers) {
        await this.resourceServers.revoke(transaction, digest, ending.note);
      }
      return tokens;
    });
    await Promise.all(stillWorking.map((token) => this.#recordEnd(token, ending)));
  }

  async #ownerOf(digest: string): Promise<string | undefined> {
    const found = await this.database.sql.get<{ accountId: string }>(OWNER, [digest, digest]);
    return found?.accountId;
  }

  /**
   * A secret that a rotation replaced ends alone: the token's new one has not leaked with it.
   * @returns the token, where that was so.
   */
  async #revokeToken(
    transaction: Transaction,
    digest: string,
    { reason, note }: Ending,
  ): Promise<AccessToken | undefined> {
    const { manager } = transaction;
    const secret = await manager.findOneBy(AccessTokenSecret, { digest });
    const token = secret && (await manager.findOneBy(AccessToken, { id: secret.accessTokenId }));
    if (!token || token.removedAt !== null) return undefined;
    if (secret.validUntil === null) {
      await this.store.remove(transaction, [token], reason, note);
    } else if (secret.validUntil > this.clock.now()) {
      await manager.update(AccessTokenSecret, { digest }, { validUntil: this.clock.now() });
      // Sockets that were opened with it are closed by that, as they are where a secret is replaced.
      this.store.announce(transaction, token, AccessTokenChangeKind.ROTATED);
      return token;
    }
    return undefined;
  }

  /** No tombstone is left to say why, and a rotation is all that a change tells: so it stands among the token's uses. */
  #recordEnd({ id, accountId }: AccessToken, { note, asked }: Ending): Promise<void> {
    return this.usageLog.record({
      ...asked,
      accessTokenId: id,
      accountId,
      outcome: UseOutcome.REFUSED,
      reason: `${note} It was one that a rotation had replaced; the token's newest secret goes on working.`,
    });
  }

  async #endSession(
    transaction: Transaction,
    secretDigest: string,
    { reason, note }: Ending,
  ): Promise<void> {
    const session = await transaction.manager.findOneBy(Session, { secretDigest });
    if (session === null || session.endedAt !== null) return;
    await this.endings.end(transaction, [session], reason, note);
  }
}
