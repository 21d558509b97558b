import { DAY_MS, SECOND_MS } from '../core/clock.js';
import { lowestIdAt, timeOf } from '../core/ids.js';
import type { Sql } from '../database/database.js';
import type { UsageEvent, UseOutcome } from '../database/entities/usage-event.js';
import type { UsageGroup } from '../database/entities/usage-group.entity.js';

/** No identifier lies above it. */
export const END_OF_TIME = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** No group goes from one period of this length, counted from 1970 in UTC, into the next: how far to look beside one. */
const PERIOD_MS = 5 * SECOND_MS;

/**
 * Events in one text, in JSON. A column holds 64 KiB on MySQL, and an event comes to 2.6 KiB where all of its texts are as long as
 * they can be. Most are so short that a page of InnoDB's takes two such texts; longer ones would lie on pages of their own.
 */
export const EVENTS_A_TEXT = 24;

/** An event, less what it has in common with its group. Names would make up a third of it. */
export type PackedEvent = readonly [
  id: string,
  occurredAt: number,
  reason: string | null,
  endpoint: UsageEvent['endpoint'],
  action: string | null,
  resource: string | null,
  ipAddress: string | null,
  userAgent: string | null,
  repeatCount?: number,
  repeatedUntil?: number,
];

/** Groups that are read first: of what is used often, they hold more than a page. Each further read takes twice as many. */
const GROUPS_AT_FIRST = 8;
const GROUPS_A_READ = 128;

/** Whose uses are asked for: all of an account's, or one token's. */
type UsageOwner = Pick<UsageGroup, 'accountId'> | Pick<UsageGroup, 'accessTokenId'>;

type Owned = Pick<UsageEvent, 'accessTokenId' | 'accountId' | 'outcome'>;
type Group = Owned & Pick<UsageGroup, 'id' | 'events'>;

export interface UsageRange {
  readonly owner: UsageOwner;
  readonly outcome: UseOutcome;
  /** Exclusive. */
  readonly below: string;
  /** Inclusive. */
  readonly from: string;
  readonly count: number;
}

const statementsBy = (column: 'accessTokenId' | 'accountId') => {
  const owners = `SELECT id, accessTokenId, accountId, outcome, events FROM usage_groups
    WHERE ${column} = ? AND outcome = ?`;
  return {
    newest: `${owners} AND id < ? AND id >= ? ORDER BY id DESC LIMIT ?`,
    /** Those that begin before an identifier and end at it or after it. */
    across: `${owners} AND id >= ? AND id < ? AND oldestId < ?`,
  };
};
const BY_TOKEN = statementsBy('accessTokenId');
const BY_ACCOUNT = statementsBy('accountId');
const COUNT_ON_DAY = `SELECT ? AS day, outcome, SUM(eventCount) AS count FROM usage_groups
  WHERE accessTokenId = ? AND outcome IN ('ALLOWED', 'REFUSED') AND id >= ? AND id < ? GROUP BY outcome`;

export interface DayCount {
  /** In days since 1970 (UTC). */
  readonly day: number;
  readonly outcome: UseOutcome;
  readonly count: number;
}

/** Reads uses out of their groups, and how many there are. */
export class UsageGroups {
  constructor(private readonly sql: Sql) {}

  /** The newest `count` uses of the range, newest first. */
  async newest({ owner, outcome, below, from, count }: UsageRange): Promise<UsageEvent[]> {
    const [statements, ownerId] =
      'accessTokenId' in owner ? [BY_TOKEN, owner.accessTokenId] : [BY_ACCOUNT, owner.accountId];
    const found: UsageEvent[] = [];
    const take = (groups: readonly Group[]) => {
      for (const event of groups.flatMap(eventsIn)) {
        if (event.id < below && event.id >= from) found.push(event);
      }
      found.sort(newestFirst);
    };
    if (below !== END_OF_TIME) {
      const values = [ownerId, outcome, below, lowestIdAt(periodEndOf(below)), below];
      take(await this.sql.all<Group>(statements.across, values));
    }
    let end = below;
    let limit = GROUPS_AT_FIRST;
    // Groups lie beside each other, so what is not read yet has to lie below all that is given.
    while (end > (found[count - 1]?.id ?? '')) {
      const values = [ownerId, outcome, end, from, limit];
      const groups = await this.sql.all<Group>(statements.newest, values);
      take(groups);
      if (groups.length < limit) break;
      end = groups.at(-1)?.id ?? from;
      limit = Math.min(2 * limit, GROUPS_A_READ);
    }
    return found.slice(0, count);
  }

  /** How often a token was used on each of `days` days, in days since 1970 (UTC): no group goes from one into the next. */
  async countByDay(accessTokenId: string, firstDay: number, days: number): Promise<DayCount[]> {
    const statement = Array(days).fill(COUNT_ON_DAY).join(' UNION ALL ');
    const values = Array.from({ length: days }, (_, index) => {
      const day = firstDay + index;
      return [day, accessTokenId, lowestIdAt(day * DAY_MS), lowestIdAt((day + 1) * DAY_MS)];
    });
    const rows = await this.sql.all<DayCount>(statement, values.flat());
    return rows.map(({ day, outcome, count }) => ({
      day: Number(day),
      outcome,
      count: Number(count),
    }));
  }
}

/** When the period ends in which `id` was made, in UTC milliseconds. */
export function periodEndOf(id: string): number {
  return (Math.floor(timeOf(id) / PERIOD_MS) + 1) * PERIOD_MS;
}

export function newestFirst(one: UsageEvent, other: UsageEvent): number {
  return one.id < other.id ? 1 : -1;
}

export function pack(event: UsageEvent): PackedEvent {
  const { id, occurredAt, reason, endpoint, action, resource, ipAddress, userAgent, repeats } =
    event;
  const packed = [
    id,
    occurredAt,
    reason,
    endpoint,
    action,
    resource,
    ipAddress,
    userAgent,
  ] as const;
  return repeats === undefined ? packed : [...packed, repeats.count, repeats.until];
}

export function unpack(
  { accessTokenId, accountId, outcome }: Owned,
  [
    id,
    occurredAt,
    reason,
    endpoint,
    action,
    resource,
    ipAddress,
    userAgent,
    count,
    until = 0,
  ]: PackedEvent,
): UsageEvent {
  return {
    id,
    accessTokenId,
    accountId,
    occurredAt,
    outcome,
    reason,
    endpoint,
    action,
    resource,
    ipAddress,
    userAgent,
    ...(count !== undefined && { repeats: { count, until } }),
  };
}

/** The events of a group, oldest first. */
export function eventsIn(group: Owned & Pick<UsageGroup, 'events'>): UsageEvent[] {
  return (JSON.parse(group.events) as PackedEvent[]).map((packed) => unpack(group, packed));
}
