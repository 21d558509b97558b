import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { validate as isUuid } from 'uuid';
import { type Clock, DAY_MS } from '../core/clock.js';
import { lowestIdAt } from '../core/ids.js';
import { requireValid } from '../core/validation.js';
import type { Database } from '../database/database.js';
import { AccessToken } from '../database/entities/access-token.entity.js';
import { type UsageEvent, UseOutcome } from '../database/entities/usage-event.js';
import type { UsageAggregation } from './usage-aggregation.js';
import { END_OF_TIME, newestFirst, UsageGroups } from './usage-groups.js';

/** Whose uses are asked for: all of an account's, or one token's. */
export interface UsageQuery {
  readonly accountId: string;
  readonly accessTokenId?: string | undefined;
  readonly outcome?: UseOutcome | undefined;
  /** UTC milliseconds; inclusive. */
  readonly since?: number | undefined;
  /** UTC milliseconds; exclusive. */
  readonly until?: number | undefined;
  readonly first: number;
  /** The identifier of the last event of the page before. */
  readonly after?: string | undefined;
}

export interface UsagePage {
  readonly events: readonly UsageEvent[];
  readonly hasNextPage: boolean;
}

export interface UsageDay {
  /** `2026-11-22`, in UTC. */
  readonly date: string;
  readonly allowed: number;
  readonly refused: number;
}

/** From where and by which program a token was used. */
export interface RecentCaller {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly useCount: number;
  readonly lastUsedAt: number;
}

/** The callers are those of the newest uses; more than this many are not looked at. */
const USES_LOOKED_AT = 5000;

/** Reads uses: pages of them, counts by day, and who made them. */
export class UsageService {
  readonly #groups: UsageGroups;

  constructor(
    private readonly database: Database,
    private readonly aggregation: UsageAggregation,
    private readonly clock: Clock,
  ) {
    this.#groups = new UsageGroups(database.sql);
  }

  /**
   * A page of uses, newest first.
   * @throws LatchkeyError NOT_FOUND where the token is not this account's, VALIDATION_FAILED where the cursor is none
   */
  async list(query: UsageQuery): Promise<UsagePage> {
    requireValid(['after', cursorProblem(query.after)]);
    if (query.accessTokenId !== undefined) {
      await this.requireOwnToken(query.accountId, query.accessTokenId);
    }
    await this.aggregation.flushForReading();
    const events = await this.#newest(query);
    return { events: events.slice(0, query.first), hasNextPage: events.length > query.first };
  }

  /** Uses of a token on each of the last `days` days, today's last. */
  async countByDay(accessTokenId: string, days: number): Promise<UsageDay[]> {
    await this.aggregation.flushForReading();
    const firstDay = Math.floor(this.clock.now() / DAY_MS) - days + 1;
    const counts = await this.#groups.countByDay(accessTokenId, firstDay, days);
    const countOf = (day: number, outcome: UseOutcome) =>
      counts.find((count) => count.day === day && count.outcome === outcome)?.count ?? 0;
    return Array.from({ length: days }, (_, index) => ({
      date: new Date((firstDay + index) * DAY_MS).toISOString().slice(0, 10),
      allowed: countOf(firstDay + index, UseOutcome.ALLOWED),
      refused: countOf(firstDay + index, UseOutcome.REFUSED),
    }));
  }

  /** Who used a token within the last `days` days, the latest first: looked at before it is deleted. */
  async recentCallers(accessTokenId: string, days: number): Promise<RecentCaller[]> {
    await this.aggregation.flushForReading();
    const uses = await this.#groups.newest({
      owner: { accessTokenId },
      outcome: UseOutcome.ALLOWED,
      below: END_OF_TIME,
      from: lowestIdAt(this.clock.now() - days * DAY_MS),
      count: USES_LOOKED_AT,
    });
    const callers = new Map<string, RecentCaller>();
    for (const { ipAddress, userAgent, occurredAt } of uses) {
      const key = JSON.stringify([ipAddress, userAgent]);
      const caller = callers.get(key) ?? {
        ipAddress,
        userAgent,
        useCount: 0,
        lastUsedAt: occurredAt,
      };
      callers.set(key, { ...caller, useCount: caller.useCount + 1 });
    }
    return [...callers.values()];
  }

  /** One more than the page holds, where there is one. */
  async #newest(query: UsageQuery): Promise<UsageEvent[]> {
    const before = query.until === undefined ? END_OF_TIME : lowestIdAt(query.until);
    const below = query.after === undefined || query.after > before ? before : query.after;
    const from = lowestIdAt(query.since ?? 0);
    const { accountId, accessTokenId } = query;
    const owner = accessTokenId === undefined ? { accountId } : { accessTokenId };
    const count = query.first + 1;
    const outcomes = query.outcome ? [query.outcome] : Object.values(UseOutcome);
    const ranges = await Promise.all(
      outcomes.map((outcome) => this.#groups.newest({ owner, outcome, below, from, count })),
    );
    return ranges.flat().sort(newestFirst).slice(0, count);
  }

  /**
   * @param onlyTokenId the one token in reach, where the asker is limited to one.
   * @throws LatchkeyError NOT_FOUND where the token is not this account's, or not in reach
   */
  async requireOwnToken(accountId: string, id: string, onlyTokenId = id): Promise<void> {
    const own = await this.database.manager.existsBy(AccessToken, { id, accountId });
    if (own && id === onlyTokenId) return;
    throw new LatchkeyError(ErrorCode.NOT_FOUND, 'There is no such token in this account.');
  }
}

function cursorProblem(after: string | undefined): string | undefined {
  if (after === undefined || isUuid(after)) return undefined;
  return 'This cursor does not belong to this list. Start again without it.';
}
