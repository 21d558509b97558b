import { secretKindOf } from '@latchkey/shared';
import type { Clock } from '../clock.js';
import { digestOf } from '../crypto/secret.js';
import type { Database, Transaction } from '../database/database.js';
import { AccessTokenChangeKind } from '../pubsub/events.js';
import { Session } from '../sessions/session.entity.js';
import type { SessionService } from '../sessions/session.service.js';
import { AccessToken } from '../tokens/access-token.entity.js';
import { AccessTokenSecret } from '../tokens/access-token-secret.entity.js';
import type { RemovalReason } from '../tokens/removal-reason.js';
import type { TokenStore } from '../tokens/token-store.js';

/** Why, as it stands in the tombstone and in what its owner is told. */
export interface Ending {
  readonly reason: RemovalReason;
  readonly note: string;
}

/** Ends what a secret opens, for whoever holds the secret; its owner hears of it as of any removal. */
export class SecretRevocationService {
  constructor(
    private readonly database: Database,
    private readonly store: TokenStore,
    private readonly sessions: SessionService,
    private readonly clock: Clock,
  ) {}

  /** All of `secrets` that are good; the others are passed over, so the caller learns nothing of which were. */
  async revoke(secrets: readonly string[], ending: Ending): Promise<void> {
    const known: string[] = [];
    for (const secret of new Set(secrets)) {
      const kind = secretKindOf(secret);
      if (kind === undefined) continue;
      const digest = digestOf(secret);
      if (await this.#isKnown(digest)) known.push(digest);
    }
    if (known.length === 0) return;
    await this.database.transaction(async (transaction) => {
      for (const digest of known) {
        await this.#revokeToken(transaction, digest, ending);
        await this.#endSession(transaction, digest, ending);
      }
    });
  }

  async #isKnown(digest: string): Promise<boolean> {
    const found = await this.database.sql.get(
      `SELECT 1 FROM access_token_secrets WHERE digest = ?
       UNION ALL SELECT 1 FROM sessions WHERE secretDigest = ?`,
      [digest, digest],
    );
    return found !== undefined;
  }

  /** A secret that a rotation replaced ends alone: the token's new one has not leaked with it. */
  async #revokeToken(
    transaction: Transaction,
    digest: string,
    { reason, note }: Ending,
  ): Promise<void> {
    const { manager } = transaction;
    const secret = await manager.findOneBy(AccessTokenSecret, { digest });
    const token = secret && (await manager.findOneBy(AccessToken, { id: secret.accessTokenId }));
    if (!token || token.removedAt !== null) return;
    if (secret.validUntil === null) {
      await this.store.remove(transaction, [token], reason, note);
    } else if (secret.validUntil > this.clock.now()) {
      await manager.update(AccessTokenSecret, { digest }, { validUntil: this.clock.now() });
      this.store.announce(transaction, token, AccessTokenChangeKind.UPDATED);
    }
  }

  async #endSession(
    transaction: Transaction,
    secretDigest: string,
    { reason, note }: Ending,
  ): Promise<void> {
    const session = await transaction.manager.findOneBy(Session, { secretDigest });
    if (session === null || session.endedAt !== null) return;
    await this.sessions.end(transaction, [session], reason, note);
  }
}
