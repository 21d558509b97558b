import { ErrorCode, FULL_SCOPE_SET, LatchkeyError, LIMITS } from '@latchkey/shared';
import { In, IsNull, Raw } from 'typeorm';
import type { Throttle } from '../cluster/throttle.js';
import type { Transaction } from '../database/database.js';
import { AccessToken, AccessTokenKind } from '../database/entities/access-token.entity.js';
import { RemovalReason } from '../database/entities/removal-reason.js';
import { inParts, withList } from '../database/rows.js';
import type { FlushUsage } from './flush-usage.js';
import type { TokenStore, TokenWithSecret } from './token-store.js';

/** What a session token has to know of its session. */
export interface MintingSession {
  readonly id: string;
  readonly accountId: string;
  readonly deviceName: string | null;
  readonly expiresAt: number;
}

export interface MintedToken extends TokenWithSecret {
  /** What had to go so that the account keeps to its five. */
  readonly pruned: readonly AccessToken[];
}

export type PruneRule = 'oldest' | 'least-recently-used';

/** As an expression, or SQLite would look for them among all tokens that are not removed, whosever they are. */
const NOT_REMOVED = Raw((column) => `COALESCE(${column}, 0) = 0`);
/** An account may have any number of sessions, and a statement takes some ten thousand values. */
const SESSIONS_A_READ = 256;
const LIVE_OF_SESSIONS =
  'SELECT id, accountId FROM access_tokens WHERE sessionId IN (?) AND COALESCE(removedAt, 0) = 0';

/** Session tokens: all scopes, bound to their session, never more than five live ones an account. */
export class SessionTokenService {
  constructor(
    private readonly store: TokenStore,
    private readonly throttle: Throttle,
    private readonly pruneRule: PruneRule,
    private readonly flushUsage: FlushUsage,
  ) {}

  /**
   * Counts a token that is asked for again and mints it; a sign-in is slow enough by itself.
   * @throws LatchkeyError RATE_LIMITED, or whatever `mint` throws
   */
  count<T>(accountId: string, mint: () => Promise<T>): Promise<T> {
    return this.throttle.count(accountId, mint);
  }

  /** Awaited before a transaction that mints, so that what it prunes goes by every use until then. */
  async prepare(): Promise<void> {
    if (this.pruneRule === 'least-recently-used') await this.flushUsage();
  }

  /**
   * Mints the token of a session. The caller's transaction holds the account, so that the count, the pruning and the
   * minting are one step, however many sign in at once.
   */
  async mint(transaction: Transaction, session: MintingSession): Promise<MintedToken> {
    const live = await this.#liveInPruningOrder(transaction, session.accountId);
    const excess = live.slice(0, Math.max(0, live.length - (LIMITS.sessionTokensPerAccount - 1)));
    const device = session.deviceName ?? 'another device';
    const pruned = await this.store.remove(
      transaction,
      excess,
      RemovalReason.PRUNED,
      `Removed when ${device} signed in: an account keeps ${LIMITS.sessionTokensPerAccount} automatic tokens, and ${
        this.pruneRule === 'oldest' ? 'the oldest' : 'the one unused for longest'
      } makes room.`,
    );
    const minted = await this.store.insert(
      transaction,
      {
        accountId: session.accountId,
        kind: AccessTokenKind.SESSION,
        description: session.deviceName ?? 'Desktop',
        scopes: FULL_SCOPE_SET,
        expiresAt: session.expiresAt,
        sessionId: session.id,
      },
      'SESSION_TOKEN',
    );
    return { ...minted, pruned };
  }

  /**
   * The session's own token again. One that still lives gets a new secret, since the old one is kept nowhere.
   * @throws LatchkeyError TOKEN_INACTIVE where its owner switched it off
   */
  async ensure(transaction: Transaction, session: MintingSession): Promise<TokenWithSecret> {
    const live = await transaction.manager.findOneBy(AccessToken, {
      sessionId: session.id,
      removedAt: NOT_REMOVED,
    });
    if (live === null) return this.mint(transaction, session);
    if (!live.active) {
      throw new LatchkeyError(
        ErrorCode.TOKEN_INACTIVE,
        "This device's token is switched off. Activate it in the list of tokens, then try again.",
      );
    }
    return this.store.replaceSecret(transaction, live, 'SESSION_TOKEN', 0);
  }

  /** Removes what the sessions minted; @returns the tokens' identifiers. */
  async removeOf(
    transaction: Transaction,
    sessionIds: readonly string[],
    reason: RemovalReason,
    note: string,
  ): Promise<string[]> {
    const removed: string[] = [];
    for (const part of inParts(sessionIds, SESSIONS_A_READ)) {
      const live = await transaction.sql.all<Pick<AccessToken, 'id' | 'accountId'>>(
        ...withList(LIVE_OF_SESSIONS, part),
      );
      await this.store.remove(transaction, live, reason, note);
      removed.push(...live.map(({ id }) => id));
    }
    return removed;
  }

  /** Those that are tokens no longer, as they are now. */
  tombstones({ manager }: Transaction, ids: readonly string[]): Promise<AccessToken[]> {
    return ids.length === 0
      ? Promise.resolve([])
      : manager.findBy(AccessToken, { id: In([...ids]) });
  }

  /** The first is the first to go. */
  async #liveInPruningOrder({ manager }: Transaction, accountId: string): Promise<AccessToken[]> {
    // Sorted here: asked to, SQLite would go through all that the account ever had, in the order of their making.
    const kind = AccessTokenKind.SESSION;
    const live = await manager.findBy(AccessToken, { accountId, kind, removedAt: IsNull() });
    live.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
    if (this.pruneRule === 'oldest') return live;
    const lastSeen = (token: AccessToken) => token.lastUsedAt ?? token.createdAt;
    return live.sort((one, other) => lastSeen(one) - lastSeen(other));
  }
}
