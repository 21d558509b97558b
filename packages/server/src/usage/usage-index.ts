import { DAY_MS, SECOND_MS } from '../clock.js';
import type { Sql } from '../database/database.js';
import { lowestIdAt, timeOf } from '../ids.js';
import type { UseOutcome } from './usage-event.entity.js';
import type { UsageIndexEntry } from './usage-index.entity.js';

/** No identifier lies above it. */
export const END_OF_TIME = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Where several servers write, no entry goes from one period of this length into the next: how far to look beside one. */
export const ENTRY_PERIOD_MS = 5 * SECOND_MS;

/** Entries that are read first: of what is used often, one holds a page. The next reads take more. */
const ENTRIES_AT_FIRST = 8;
const ENTRIES_A_READ = 128;

const NEWEST = `SELECT eventId, earlierIds FROM usage_index
  WHERE ownerId = ? AND outcome = ? AND eventId < ? AND eventId >= ?
  ORDER BY eventId DESC LIMIT ?`;
/** The entry that may begin before an identifier and end after it. */
const ACROSS = `SELECT eventId, earlierIds FROM usage_index
  WHERE ownerId = ? AND outcome = ? AND eventId >= ? ORDER BY eventId LIMIT 1`;
/** Where several servers write there may be more, of the same period. The oldest identifier comes first in `earlierIds`. */
const BESIDE = `SELECT eventId, earlierIds FROM usage_index
  WHERE ownerId = ? AND outcome = ? AND eventId > ? AND eventId < ? AND earlierIds < ?`;
const COUNT = `SELECT COALESCE(SUM(eventCount), 0) AS count FROM usage_index
  WHERE ownerId = ? AND outcome = ? AND eventId >= ? AND eventId < ?`;

export interface IndexRange {
  readonly ownerId: string;
  readonly outcome: UseOutcome;
  /** Exclusive. */
  readonly below: string;
  /** Inclusive. */
  readonly from: string;
  readonly count: number;
}

type Entry = Pick<UsageIndexEntry, 'eventId' | 'earlierIds'>;

/** Reads the usage index: identifiers of events, and how many there are. */
export class UsageIndex {
  constructor(private readonly sql: Sql) {}

  /** The newest `count` identifiers of the range, newest first. */
  async newest({ ownerId, outcome, below, from, count }: IndexRange): Promise<string[]> {
    const ids: string[] = [];
    const take = (entries: readonly Entry[]) => {
      for (const id of entries.flatMap(idsOf)) if (id < below && id >= from) ids.push(id);
      ids.sort().reverse();
    };
    if (below !== END_OF_TIME) take(await this.#across(ownerId, outcome, below));
    let end = below;
    let limit = ENTRIES_AT_FIRST;
    // Entries may lie beside each other, so what is not read yet has to lie below all that is given.
    while (end > (ids[count - 1] ?? '')) {
      const entries = await this.sql.all<Entry>(NEWEST, [ownerId, outcome, end, from, limit]);
      take(entries);
      if (entries.length < limit) break;
      end = entries.at(-1)?.eventId ?? from;
      limit = ENTRIES_A_READ;
    }
    return ids.slice(0, count);
  }

  /** The entries that begin below an identifier and do not end below it, and perhaps one that begins above. */
  async #across(ownerId: string, outcome: UseOutcome, id: string): Promise<Entry[]> {
    const first = await this.sql.get<Entry>(ACROSS, [ownerId, outcome, id]);
    if (first === undefined) return [];
    const periodEnd = (Math.floor(timeOf(id) / ENTRY_PERIOD_MS) + 1) * ENTRY_PERIOD_MS;
    const others = [ownerId, outcome, first.eventId, lowestIdAt(periodEnd), id];
    return [first, ...(await this.sql.all<Entry>(BESIDE, others))];
  }

  /** How many events there are on a day, in days since 1970 (UTC): no entry goes from one into the next. */
  async countOn(day: number, ownerId: string, outcome: UseOutcome): Promise<number> {
    const from = lowestIdAt(day * DAY_MS);
    const to = lowestIdAt((day + 1) * DAY_MS);
    const row = await this.sql.get<{ count: number }>(COUNT, [ownerId, outcome, from, to]);
    return Number(row?.count ?? 0);
  }
}

function idsOf({ eventId, earlierIds }: Entry): string[] {
  return earlierIds === null ? [eventId] : [...earlierIds.split(','), eventId];
}
