import pLimit from 'p-limit';
import { SECOND_MS } from '../core/clock.js';
import { lowestIdAt } from '../core/ids.js';
import type { Database, Sql } from '../database/database.js';
import { countOf, type UsageEvent, UseOutcome } from '../database/entities/usage-event.js';
import type { UsageJournalEntry } from '../database/entities/usage-journal.entity.js';
import { inParts, insertRows, ROWS_A_STATEMENT, withList } from '../database/rows.js';
import { EVENTS_A_TEXT, pack, periodEndOf } from './usage-groups.js';
import { eventsOf } from './usage-journal.js';
import { growLog, sizeOf } from './usage-retention.js';

/** How often the journal is flushed by itself. A reader of usage events or counters flushes it first. */
export const FLUSH_PAUSE_MS = 10 * SECOND_MS;
/** After so many events it is flushed at once, so that nobody waits long who reads. */
const EVENTS_WAITING = 50_000;

/** Entries that are read at once: what they hold is parsed in one turn of the event loop. */
const ENTRIES_A_READ = 256;
/**
 * About how many events a transaction takes. More events of a token at once make fewer groups; but on SQLite every other
 * write waits for the transaction.
 */
const EVENTS_A_TRANSACTION = 2048;

const NEXT_SHARD = 'SELECT shard FROM usage_journal WHERE shard >= ? ORDER BY shard LIMIT 1';
const NEXT_ENTRIES = `SELECT id, events FROM usage_journal WHERE shard = ? AND id > ?
  ORDER BY id LIMIT ${ENTRIES_A_READ}`;
const FORGET = 'DELETE FROM usage_journal WHERE shard = ? AND id IN (?)';
const INSERT_GROUP = `INSERT INTO usage_groups
  (id, accessTokenId, accountId, outcome, oldestId, eventCount, events)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;

type GroupRow = readonly [string, string, string, UseOutcome, string, number, string];
/** A token's identifier, how often it was used, and when and from where the last time. */
type CountRow = readonly [string, number, number, string | null];

/**
 * Moves events from the journal to their groups and to the tokens' counters. Each transaction takes some entries of one shard,
 * writes what they lead to, and deletes them: an event is either in the journal or in its group and its counter, whatever
 * breaks off. Where several servers share a database, the entries are locked, so each is taken once.
 */
export class UsageAggregation {
  readonly #oneAtATime = pLimit(1);
  #waiting: Promise<void> | undefined;
  #eventsSinceFlush = 0;

  constructor(private readonly database: Database) {}

  /** Hears of events that this server has written to the journal. */
  noteRecorded(count: number): void {
    this.#eventsSinceFlush += count;
    // What fails stays in the journal, and the next reader is told.
    if (this.#eventsSinceFlush >= EVENTS_WAITING) this.flush().catch(() => undefined);
  }

  /** Resolves once every event that was on disk at the call, of every server, is in its group and its counter. */
  flush(): Promise<void> {
    // One that runs may have looked already: the next one, which has not begun, serves everybody who comes meanwhile.
    this.#waiting ??= this.#oneAtATime(async () => {
      this.#waiting = undefined;
      this.#eventsSinceFlush = 0;
      let shard = await this.#nextShard(0);
      while (shard !== undefined) {
        while (await this.#aggregate(shard));
        shard = await this.#nextShard(shard + 1);
      }
    });
    return this.#waiting;
  }

  /** The same for those who read. Where the database takes no writes now, they read what was moved before. */
  async flushForReading(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      if (this.database.writes.failure === undefined) throw error;
    }
  }

  async #nextShard(from: number): Promise<number | undefined> {
    return (await this.database.sql.get<{ shard: number }>(NEXT_SHARD, [from]))?.shard;
  }

  /** @returns whether there may be more of the shard. */
  #aggregate(shard: number): Promise<boolean> {
    const { engine } = this.database;
    const next = engine === 'mysql' ? `${NEXT_ENTRIES} FOR UPDATE` : NEXT_ENTRIES;
    return this.database.bulk(async (sql) => {
      const events: UsageEvent[] = [];
      const taken: string[] = [];
      let entries: UsageJournalEntry[];
      do {
        entries = await sql.all<UsageJournalEntry>(next, [shard, taken.at(-1) ?? '']);
        events.push(...entries.flatMap(eventsOf));
        taken.push(...entries.map(({ id }) => id));
      } while (entries.length === ENTRIES_A_READ && events.length < EVENTS_A_TRANSACTION);
      if (taken.length === 0) return false;

      const tokens = byToken(events);
      const counts = [...tokens].map(countsOf).sort(([one], [other]) => (one < other ? -1 : 1));
      let bytes = 0;
      const groups = function* () {
        for (const group of groupsOf(tokens.values())) {
          bytes += sizeOf({ events: group[6] });
          yield group;
        }
      };
      await insertRows(sql, INSERT_GROUP, groups());
      // From here on the tokens' rows are locked.
      await (engine === 'mysql' ? addOnMysql(sql, counts) : addOnSqlite(sql, counts));
      const [forget, ids] = withList(FORGET, taken);
      await sql.run(forget, [shard, ...ids]);
      // Last, since every server's transactions change this row.
      await growLog(sql, bytes);
      return entries.length === ENTRIES_A_READ;
    });
  }
}

function byToken(events: readonly UsageEvent[]): Map<string, UsageEvent[]> {
  const tokens = new Map<string, UsageEvent[]>();
  for (const event of events) {
    const ofToken = tokens.get(event.accessTokenId);
    if (ofToken === undefined) tokens.set(event.accessTokenId, [event]);
    else ofToken.push(event);
  }
  return tokens;
}

function countsOf([accessTokenId, events]: [string, UsageEvent[]]): CountRow {
  const last = events.reduce((one, other) => (other.id > one.id ? other : one));
  return [accessTokenId, totalOf(events), last.repeats?.until ?? last.occurredAt, last.ipAddress];
}

/** How many verifications they stand for. */
function totalOf(events: readonly UsageEvent[]): number {
  return events.reduce((sum, event) => sum + countOf(event), 0);
}

const COUNT_ON_SQLITE = `UPDATE access_tokens SET useCount = useCount + ?2,
    lastUsedFrom = CASE WHEN ?3 >= COALESCE(lastUsedAt, 0) THEN ?4 ELSE lastUsedFrom END,
    lastUsedAt = MAX(?3, COALESCE(lastUsedAt, 0))
  WHERE id = ?1`;

async function addOnSqlite(sql: Sql, counts: readonly CountRow[]): Promise<void> {
  for (const count of counts) await sql.run(COUNT_ON_SQLITE, count);
}

/** MySQL has a round trip for each statement, and updates from a list of rows; SQLite's planner would look at all tokens. */
async function addOnMysql(sql: Sql, counts: readonly CountRow[]): Promise<void> {
  const count = `SELECT CAST(? AS CHAR(36)) AS id, CAST(? AS SIGNED) AS uses,
    CAST(? AS SIGNED) AS usedAt, CAST(? AS CHAR(45)) AS usedFrom`;
  for (const part of inParts(counts, ROWS_A_STATEMENT)) {
    const statement = `UPDATE (${Array(part.length).fill(count).join(' UNION ALL ')}) counted
      STRAIGHT_JOIN access_tokens token ON token.id = counted.id
      SET token.useCount = token.useCount + counted.uses,
        token.lastUsedFrom = IF(counted.usedAt >= COALESCE(token.lastUsedAt, 0), counted.usedFrom, token.lastUsedFrom),
        token.lastUsedAt = GREATEST(counted.usedAt, COALESCE(token.lastUsedAt, 0))`;
    await sql.run(statement, part.flat());
  }
}

/** In the order of their key, so that the table grows at its end; each is packed when it is taken. */
function* groupsOf(tokens: Iterable<readonly UsageEvent[]>): Generator<GroupRow> {
  const parts: (readonly UsageEvent[])[] = [];
  for (const events of tokens) {
    for (const outcome of Object.values(UseOutcome)) {
      const ofOutcome = events.filter((event) => event.outcome === outcome);
      for (const ofPeriod of byPeriod(ofOutcome)) parts.push(...inParts(ofPeriod, EVENTS_A_TEXT));
    }
  }
  parts.sort((one, other) => (newestOf(one).id < newestOf(other).id ? -1 : 1));
  for (const part of parts) yield groupOf(part);
}

/** Events of one period each, oldest first. */
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

/** A part's events are in order, oldest first. */
function newestOf(part: readonly UsageEvent[]): UsageEvent {
  return part.at(-1) as UsageEvent;
}

function groupOf(part: readonly UsageEvent[]): GroupRow {
  const { id, accessTokenId, accountId, outcome } = newestOf(part);
  const oldestId = part[0]?.id ?? id;
  const packed = JSON.stringify(part.map(pack));
  return [id, accessTokenId, accountId, outcome, oldestId, totalOf(part), packed];
}
