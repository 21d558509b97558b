import { lowestIdAt } from '../core/ids.js';
import type { Sql } from '../database/database.js';
import { countOf, type UsageEvent, UseOutcome } from '../database/entities/usage-event.js';
import { inParts, insertRows } from '../database/rows.js';
import { periodEndOf } from './usage-groups.js';
import { pack, USES_A_TEXT } from './usage-packing.js';
import { growLog, sizeOf } from './usage-retention.js';

const INSERT_GROUP = `INSERT INTO usage_groups
  (id, accessTokenId, accountId, outcome, oldestId, eventCount, events)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;

type GroupRow = readonly [string, string, string, UseOutcome, string, number, string];

/** A token's identifier, how often it was used, and when and from where the last time. */
type CountRow = readonly [string, number, number, string | null];

type TokensUses = Readonly<Record<UseOutcome, UsageEvent[]>>;

/** Uses that are to be grouped and counted, gathered by token, in whatever order they come. */
export class UsageTally {
  readonly #tokens = new Map<string, TokensUses>();
  eventCount = 0;

  add(event: UsageEvent): void {
    let uses = this.#tokens.get(event.accessTokenId);
    if (uses === undefined) {
      uses = { ALLOWED: [], REFUSED: [] };
      this.#tokens.set(event.accessTokenId, uses);
    }
    uses[event.outcome].push(event);
    this.eventCount++;
  }

  async insertGroups(sql: Sql): Promise<void> {
    let bytes = 0;
    const counting = function* (rows: Iterable<GroupRow>) {
      for (const row of rows) {
        bytes += sizeOf({ events: row[6] });
        yield row;
      }
    };
    await insertRows(sql, INSERT_GROUP, counting(this.#groups()));
    await growLog(sql, bytes);
  }

  /** In the order of their key, so that the table grows at its end; each is packed when it is taken. */
  *#groups(): Generator<GroupRow> {
    const parts: (readonly UsageEvent[])[] = [];
    for (const uses of this.#tokens.values()) {
      for (const outcome of Object.values(UseOutcome)) {
        for (const events of byPeriod(uses[outcome])) parts.push(...inParts(events, USES_A_TEXT));
      }
    }
    for (const part of parts.sort((one, other) =>
      newestOf(one).id < newestOf(other).id ? -1 : 1,
    )) {
      yield rowOf(part);
    }
  }

  /** In the order of the tokens' key. */
  counts(): CountRow[] {
    return [...this.#tokens.keys()].sort().map((id) => {
      const { ALLOWED, REFUSED } = this.#tokens.get(id) as TokensUses;
      const events = [...ALLOWED, ...REFUSED];
      const last = events.reduce((one, other) => (other.id > one.id ? other : one));
      return [id, totalOf(events), last.repeats?.until ?? last.occurredAt, last.ipAddress];
    });
  }
}

/** Uses of one period each, oldest first. */
function byPeriod(events: UsageEvent[]): UsageEvent[][] {
  const parts: UsageEvent[][] = [];
  let end = '';
  for (const event of events.sort((one, other) => (one.id < other.id ? -1 : 1))) {
    if (event.id < end) parts.at(-1)?.push(event);
    else {
      parts.push([event]);
      end = lowestIdAt(periodEndOf(event.id));
    }
  }
  return parts;
}

/** A part's events lie oldest first. */
function newestOf(part: readonly UsageEvent[]): UsageEvent {
  return part.at(-1) as UsageEvent;
}

function rowOf(part: readonly UsageEvent[]): GroupRow {
  const { id, accessTokenId, accountId, outcome } = newestOf(part);
  const oldestId = part[0]?.id ?? id;
  const packed = JSON.stringify(part.map(pack));
  return [id, accessTokenId, accountId, outcome, oldestId, totalOf(part), packed];
}

/** How many verifications they stand for. */
function totalOf(events: readonly UsageEvent[]): number {
  return events.reduce((sum, event) => sum + countOf(event), 0);
}
