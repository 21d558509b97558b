import { hintOf, type SecretKind } from '@latchkey/shared';
import type { Clock } from '../core/clock.js';
import type { MakeId } from '../core/ids.js';
import { digestOf, newSecret } from '../crypto/secret.js';
import type { Transaction } from '../database/database.js';
import { AccessToken } from '../database/entities/access-token.entity.js';
import { AccessTokenSecret } from '../database/entities/access-token-secret.entity.js';
import type { RemovalReason } from '../database/entities/removal-reason.js';
import { withList } from '../database/rows.js';
import { AccessTokenChangeKind, type Events } from '../pubsub/events.js';

export interface TokenWithSecret {
  readonly accessToken: AccessToken;
  /** Shown once; only its digest is kept. */
  readonly secret: string;
}

type NewToken = Pick<
  AccessToken,
  'accountId' | 'kind' | 'description' | 'scopes' | 'expiresAt' | 'sessionId'
>;

/** What removal makes of a token. */
type Tombstone = Pick<AccessToken, 'removedAt' | 'removalReason' | 'removalNote'>;

const REMOVE =
  'UPDATE access_tokens SET removedAt = ?, removalReason = ?, removalNote = ? WHERE id IN (?)';

/** The writes that personal and session tokens share; each announces itself once its transaction is committed. */
export class TokenStore {
  constructor(
    private readonly events: Events,
    readonly clock: Clock,
    private readonly makeId: MakeId,
  ) {}

  async insert(
    transaction: Transaction,
    token: NewToken,
    secretKind: SecretKind,
  ): Promise<TokenWithSecret> {
    const secret = newSecret(secretKind);
    const accessToken: AccessToken = {
      ...token,
      id: this.makeId(),
      descriptionFolded: foldDescription(token.description),
      hint: hintOf(secret),
      active: true,
      createdAt: this.clock.now(),
      lastUsedAt: null,
      lastUsedFrom: null,
      useCount: 0,
      removedAt: null,
      removalReason: null,
      removalNote: null,
    };
    await transaction.manager.insert(AccessToken, accessToken);
    await this.#insertSecret(transaction, accessToken.id, secret);
    this.announce(transaction, accessToken, AccessTokenChangeKind.CREATED);
    return { accessToken, secret };
  }

  /**
   * Gives a token a new secret. The one it replaces works until `overlapMs` have passed; so do those that earlier
   * rotations left, if they had as long to live. Without an overlap they all end now.
   */
  async replaceSecret(
    transaction: Transaction,
    token: AccessToken,
    secretKind: SecretKind,
    overlapMs: number,
  ): Promise<TokenWithSecret> {
    const secret = newSecret(secretKind);
    const endsAt = this.clock.now() + overlapMs;
    await transaction.sql.run(
      `UPDATE access_token_secrets SET validUntil = ?
       WHERE accessTokenId = ? AND (validUntil IS NULL OR validUntil > ?)`,
      [endsAt, token.id, endsAt],
    );
    await this.#insertSecret(transaction, token.id, secret);
    const accessToken = { ...token, hint: hintOf(secret) };
    await transaction.manager.update(AccessToken, { id: token.id }, { hint: accessToken.hint });
    this.announce(transaction, accessToken, AccessTokenChangeKind.ROTATED);
    return { accessToken, secret };
  }

  /** Turns live tokens into tombstones; @returns them as they are now. */
  async remove<Token extends Pick<AccessToken, 'id' | 'accountId'>>(
    transaction: Transaction,
    tokens: readonly Token[],
    removalReason: RemovalReason,
    removalNote: string,
  ): Promise<(Token & Tombstone)[]> {
    if (tokens.length === 0) return [];
    const removedAt = this.clock.now();
    const tombstone = { removedAt, removalReason, removalNote };
    const ids = tokens.map((token) => token.id);
    const [statement, values] = withList(REMOVE, ids);
    await transaction.sql.run(statement, [removedAt, removalReason, removalNote, ...values]);
    for (const token of tokens) this.announce(transaction, token, AccessTokenChangeKind.REMOVED);
    return tokens.map((token) => ({ ...token, ...tombstone }));
  }

  announce(
    transaction: Transaction,
    { id, accountId }: Pick<AccessToken, 'id' | 'accountId'>,
    kind: AccessTokenChangeKind,
  ): void {
    transaction.afterCommit(() => {
      this.events.publish('accountChanged', { accountId });
      this.events.publish('accessTokenChanged', { accountId, accessTokenId: id, kind });
    });
  }

  async #insertSecret({ manager }: Transaction, accessTokenId: string, secret: string) {
    await manager.insert(AccessTokenSecret, {
      digest: digestOf(secret),
      accessTokenId,
      createdAt: this.clock.now(),
      validUntil: null,
    });
  }
}

/** How descriptions are searched and sorted. */
export function foldDescription(description: string): string {
  return description.normalize('NFKC').toLowerCase().slice(0, 200);
}
