import { validationFailed } from '@latchkey/shared';
import { In, type SelectQueryBuilder } from 'typeorm';
import type { Clock } from '../core/clock.js';
import type { Database } from '../database/database.js';
import { AccessToken, type AccessTokenKind } from '../database/entities/access-token.entity.js';
import { AccessTokenStatus, statusOf } from './access-token-status.js';
import type { FlushUsage } from './flush-usage.js';
import { decodeCursor, encodeCursor } from './token-cursor.js';
import { foldDescription } from './token-store.js';

export const AccessTokenOrder = {
  CREATED_AT_DESC: 'CREATED_AT_DESC',
  CREATED_AT_ASC: 'CREATED_AT_ASC',
  LAST_USED_AT_DESC: 'LAST_USED_AT_DESC',
  LAST_USED_AT_ASC: 'LAST_USED_AT_ASC',
  EXPIRES_AT_ASC: 'EXPIRES_AT_ASC',
  DESCRIPTION_ASC: 'DESCRIPTION_ASC',
} as const;
export type AccessTokenOrder = (typeof AccessTokenOrder)[keyof typeof AccessTokenOrder];

export interface TokenQuery {
  readonly accountId: string;
  readonly kinds?: readonly AccessTokenKind[] | undefined;
  /** Without it, all but the removed ones. */
  readonly statuses?: readonly AccessTokenStatus[] | undefined;
  /** Part of a description in any case, or of a hint. */
  readonly search?: string | undefined;
  /** In UTC milliseconds: those neither used nor created since then. */
  readonly unusedSince?: number | undefined;
  readonly orderBy: AccessTokenOrder;
  readonly first: number;
  readonly after?: string | undefined;
}

export interface TokenPage {
  readonly tokens: readonly { readonly token: AccessToken; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  /** How many the filter matches. */
  readonly totalCount: number;
  /** How many of the account's tokens work, whatever the filter. */
  readonly activeCount: number;
  /** How many are switched off or expired, whatever the filter. */
  readonly inactiveCount: number;
}

interface Sorting {
  readonly key: string;
  readonly valueOf: (token: AccessToken) => string | number;
  readonly direction: 'ASC' | 'DESC';
}

const NEVER = Number.MAX_SAFE_INTEGER;
/** Every hint of a kind begins alike, so a search looks at what follows. */
const HINT_START = 'lkp_…';

/** What each order sorts by; the identifier, in the same direction, breaks ties, so every token has one place. */
const SORTINGS: Readonly<Record<AccessTokenOrder, Sorting>> = {
  CREATED_AT_DESC: {
    key: 'token.createdAt',
    valueOf: (token) => token.createdAt,
    direction: 'DESC',
  },
  CREATED_AT_ASC: { key: 'token.createdAt', valueOf: (token) => token.createdAt, direction: 'ASC' },
  LAST_USED_AT_DESC: {
    key: 'COALESCE(token.lastUsedAt, 0)',
    valueOf: (token) => token.lastUsedAt ?? 0,
    direction: 'DESC',
  },
  LAST_USED_AT_ASC: {
    key: 'COALESCE(token.lastUsedAt, 0)',
    valueOf: (token) => token.lastUsedAt ?? 0,
    direction: 'ASC',
  },
  EXPIRES_AT_ASC: {
    key: `COALESCE(token.expiresAt, ${NEVER})`,
    valueOf: (token) => token.expiresAt ?? NEVER,
    direction: 'ASC',
  },
  DESCRIPTION_ASC: {
    key: 'token.descriptionFolded',
    valueOf: (token) => token.descriptionFolded,
    direction: 'ASC',
  },
};

const STATUS_CONDITIONS: Readonly<Record<AccessTokenStatus, string>> = {
  ACTIVE:
    'token.removedAt IS NULL AND token.active = TRUE AND (token.expiresAt IS NULL OR token.expiresAt > :now)',
  INACTIVE:
    'token.removedAt IS NULL AND token.active = FALSE AND (token.expiresAt IS NULL OR token.expiresAt > :now)',
  EXPIRED: 'token.removedAt IS NULL AND token.expiresAt <= :now',
  REMOVED: 'token.removedAt IS NOT NULL',
};

/** Lists an account's tokens by keyset: a page begins where the one before ended, whatever came or went meanwhile. */
export class TokenListingService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly flushUsage: FlushUsage,
  ) {}

  /** @throws LatchkeyError VALIDATION_FAILED where the cursor is not one of this order's */
  async list(query: TokenQuery): Promise<TokenPage> {
    await this.flushUsage();
    const sorting = SORTINGS[query.orderBy];
    const matching = this.#matching(query);
    const totalCount = await matching.getCount();
    const rows = await pageOf(matching, query, sorting).getMany();
    const counts = await this.#countsOf(query.accountId);
    return {
      tokens: rows.slice(0, query.first).map((token) => ({
        token,
        cursor: encodeCursor({ order: query.orderBy, key: sorting.valueOf(token), id: token.id }),
      })),
      hasNextPage: rows.length > query.first,
      totalCount,
      ...counts,
    };
  }

  /** One of the account's tokens, removed ones too. */
  async byId(accountId: string, id: string): Promise<AccessToken | null> {
    await this.flushUsage();
    return this.database.manager.findOneBy(AccessToken, { accountId, id });
  }

  /** One of the account's tokens that is known to exist. @throws EntityNotFoundError */
  async requireById(accountId: string, id: string): Promise<AccessToken> {
    await this.flushUsage();
    return this.database.manager.findOneByOrFail(AccessToken, { accountId, id });
  }

  /** Which of these tokens work. */
  async activeAmong(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const tokens = await this.database.manager.findBy(AccessToken, { id: In([...ids]) });
    const now = this.clock.now();
    const active = tokens.filter((token) => statusOf(token, now) === AccessTokenStatus.ACTIVE);
    return new Set(active.map((token) => token.id));
  }

  /** The live token that a session minted. */
  async bySession(accountId: string, sessionId: string): Promise<AccessToken | null> {
    await this.flushUsage();
    return this.#select(accountId)
      .andWhere('token.sessionId = :sessionId AND token.removedAt IS NULL', { sessionId })
      .getOne();
  }

  #select(accountId: string): SelectQueryBuilder<AccessToken> {
    return this.database.manager
      .createQueryBuilder(AccessToken, 'token')
      .where('token.accountId = :accountId', { accountId });
  }

  #matching({
    accountId,
    kinds,
    statuses,
    search,
    unusedSince,
  }: TokenQuery): SelectQueryBuilder<AccessToken> {
    const select = this.#select(accountId).setParameter('now', this.clock.now());
    if (unusedSince !== undefined) {
      select.andWhere('COALESCE(token.lastUsedAt, token.createdAt) < :unusedSince', {
        unusedSince,
      });
    }
    if (kinds?.length) select.andWhere('token.kind IN (:...kinds)', { kinds });
    const wanted = statuses?.length ? statuses : LIVE_STATUSES;
    select.andWhere(`(${wanted.map((status) => `(${STATUS_CONDITIONS[status]})`).join(' OR ')})`);
    const text = search?.trim();
    if (text) {
      const folded = foldDescription(text);
      select.andWhere(
        `(token.descriptionFolded LIKE :part ESCAPE '!' OR LOWER(token.hint) = :hint
          OR LOWER(SUBSTR(token.hint, ${HINT_START.length + 1})) LIKE :part ESCAPE '!')`,
        { hint: text.toLowerCase(), part: `%${folded.replace(/[!%_]/g, '!$&')}%` },
      );
    }
    return select;
  }

  async #countsOf(accountId: string): Promise<Pick<TokenPage, 'activeCount' | 'inactiveCount'>> {
    const counts = await this.database.sql.get<{ total: number; active: number | null }>(
      `SELECT COUNT(*) AS total, SUM(CASE WHEN ${STATUS_CONDITIONS.ACTIVE.replace(':now', '?')} THEN 1 ELSE 0 END) AS active
       FROM access_tokens token WHERE token.accountId = ? AND token.removedAt IS NULL`,
      [this.clock.now(), accountId],
    );
    const activeCount = Number(counts?.active ?? 0);
    return { activeCount, inactiveCount: Number(counts?.total ?? 0) - activeCount };
  }
}

const LIVE_STATUSES = Object.values(AccessTokenStatus).filter(
  (status) => status !== AccessTokenStatus.REMOVED,
);

function pageOf(
  matching: SelectQueryBuilder<AccessToken>,
  { orderBy, first, after }: TokenQuery,
  { key, direction }: Sorting,
): SelectQueryBuilder<AccessToken> {
  const page = matching
    .clone()
    .orderBy(key, direction)
    .addOrderBy('token.id', direction)
    .limit(first + 1);
  if (after === undefined) return page;
  const cursor = decodeCursor(after);
  if (cursor?.order !== orderBy) {
    const message = 'This cursor does not belong to this list. Start again without it.';
    throw validationFailed({ path: 'after', message });
  }
  const beyond = direction === 'ASC' ? '>' : '<';
  return page.andWhere(
    `(${key} ${beyond} :cursorKey OR (${key} = :cursorKey AND token.id ${beyond} :cursorId))`,
    { cursorKey: cursor.key, cursorId: cursor.id },
  );
}
