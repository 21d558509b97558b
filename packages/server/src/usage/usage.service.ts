import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { validate as isUuid } from 'uuid';
import { type Clock, DAY_MS } from '../clock.js';
import type { Database } from '../database/database.js';
import { inParts, withList } from '../database/rows.js';
import { lowestIdAt } from '../ids.js';
import { AccessToken } from '../tokens/access-token.entity.js';
import { requireValid } from '../validation.js';
import { type UsageEvent, UseOutcome } from './usage-event.entity.js';
import { END_OF_TIME, UsageIndex } from './usage-index.js';
import type { Rollup } from './usage-rollup.js';

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

const EVENTS = 'SELECT * FROM usage_events WHERE id IN (?)';
/** Identifiers a statement. */
const EVENTS_A_READ = 256;

/** The callers are those of the newest uses; more than this many are not looked at. */
const USES_LOOKED_AT = 5000;

/** Reads uses: pages of them, counts by day, and who made them. */
export class UsageService {
  readonly #index: UsageIndex;

  constructor(
    private readonly database: Database,
    private readonly rollup: Rollup,
    private readonly clock: Clock,
  ) {
    this.#index = new UsageIndex(database.sql);
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
    await this.rollup.settle();
    const events = await this.#newest(query);
    return { events: events.slice(0, query.first), hasNextPage: events.length > query.first };
  }

  /** Uses of a token on each of the last `days` days, today's last. */
  async countByDay(accessTokenId: string, days: number): Promise<UsageDay[]> {
    await this.rollup.settle();
    const today = Math.floor(this.clock.now() / DAY_MS);
    const counts: UsageDay[] = [];
    for (let day = today - days + 1; day <= today; day++) {
      counts.push({
        date: new Date(day * DAY_MS).toISOString().slice(0, 10),
        allowed: await this.#index.countOn(day, accessTokenId, UseOutcome.ALLOWED),
        refused: await this.#index.countOn(day, accessTokenId, UseOutcome.REFUSED),
      });
    }
    return counts;
  }

  /** Who used a token within the last `days` days, the latest first: looked at before it is deleted. */
  async recentCallers(accessTokenId: string, days: number): Promise<RecentCaller[]> {
    await this.rollup.settle();
    const ids = await this.#index.newest({
      ownerId: accessTokenId,
      outcome: UseOutcome.ALLOWED,
      below: END_OF_TIME,
      from: lowestIdAt(this.clock.now() - days * DAY_MS),
      count: USES_LOOKED_AT,
    });
    const uses = await this.#read(ids);
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
    const ownerId = query.accessTokenId ?? query.accountId;
    const count = query.first + 1;
    const outcomes = query.outcome ? [query.outcome] : Object.values(UseOutcome);
    const ranges = await Promise.all(
      outcomes.map((outcome) => this.#index.newest({ ownerId, outcome, below, from, count })),
    );
    return this.#read(ranges.flat().sort().reverse().slice(0, count));
  }

  /** The events of `ids`, in their order; without those that were purged meanwhile. */
  async #read(ids: readonly string[]): Promise<UsageEvent[]> {
    const events = new Map<string, UsageEvent>();
    for (const part of inParts(ids, EVENTS_A_READ)) {
      const rows = await this.database.sql.all<UsageEvent>(...withList(EVENTS, part));
      for (const row of rows) events.set(row.id, row);
    }
    return ids.flatMap((id) => events.get(id) ?? []);
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
