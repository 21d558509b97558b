import pLimit from 'p-limit';
import { SECOND_MS } from '../clock.js';
import type { Database, Sql } from '../database/database.js';
import { insertRows, withList } from '../database/rows.js';
import { ShardedUsageTally } from './sharded-usage-tally.js';
import type { UsageMark } from './usage-mark.entity.js';
import { INSERT_ENTRY, type TalliedEvent, type UsageTally } from './usage-tally.js';

/** Rows a transaction, about: what else is written waits for it some five milliseconds. */
const ROWS = 1000;
/** What is gathered at most before it is written without being asked for. */
const EVENTS_GATHERED = 200_000;
/** Events read at once of what a process before this one left behind. */
const EVENTS_READ = 5000;
const SHARDS = [...'0123456789abcdef'];

const UNWRITTEN = `SELECT id, accessTokenId, accountId, occurredAt, outcome, ipAddress
  FROM usage_events WHERE id > ? AND id <= ? ORDER BY id LIMIT ${EVENTS_READ}`;
const COUNT = `UPDATE access_tokens SET useCount = useCount + ?, lastUsedAt = ?, lastUsedFrom = ?
  WHERE id = ?`;
const MARKS = 'SELECT id, eventId FROM usage_marks WHERE id IN (?)';
const MARK = 'INSERT OR REPLACE INTO usage_marks (id, eventId) VALUES (?, ?)';

/** Keeps the usage index and the tokens' counters. */
export interface Rollup {
  /** How often to settle by itself; whoever reads the index or the counters has it done before. */
  readonly pauseMs: number;
  /** Resolves once every event that was on disk at the call is in the index and in the counters. */
  settle(): Promise<void>;
}

/**
 * Brings the usage index and the tokens' counters up to the events on disk. They are gathered in memory as they are
 * committed, and written by owner: two more random index pages and a token's row in every batch would cost several times
 * what the batch does. A mark for each shard of owners, moved in the same transaction, says how far it has come; what a
 * crash took from memory is read from the disk again. For SQLite, whose one writer commits events in the order of their
 * identifiers; MySQL's is `JournalRollup`.
 */
export class UsageRollup implements Rollup {
  /** The more uses of an owner come together, the fewer entries there are to write. */
  readonly pauseMs = 30 * SECOND_MS;
  #gathered = new ShardedUsageTally();
  /** By shard; empty for those that have not begun. */
  #marks = new Map(SHARDS.map((shard) => [shard, '']));
  /** What may be missing from memory ends here: what a process before this one left behind, or what could not be written. */
  #unreadUpTo: string | undefined;
  readonly #oneAtATime = pLimit(1);
  #waiting: Promise<void> | undefined;

  /** @param latestId the newest event on disk. */
  constructor(
    private readonly database: Database,
    latestId: string | undefined,
  ) {
    this.#unreadUpTo = latestId;
  }

  /** Gathers events that are on disk. */
  add(events: readonly TalliedEvent[]): void {
    for (const event of events) this.#gathered.add(event);
    // What fails stays unread, and the next who settles hears of it.
    if (this.#gathered.eventCount >= EVENTS_GATHERED) this.settle().catch(() => undefined);
  }

  settle(): Promise<void> {
    // One that runs has taken what was gathered: the next one, which has not begun, serves everybody who comes meanwhile.
    this.#waiting ??= this.#oneAtATime(async () => {
      this.#waiting = undefined;
      if (this.#unreadUpTo !== undefined || this.#gathered.eventCount > 0) await this.#run();
    });
    return this.#waiting;
  }

  async #run(): Promise<void> {
    const gathered = this.#gathered;
    this.#gathered = new ShardedUsageTally();
    try {
      if (this.#unreadUpTo !== undefined) await this.#writeUnread(this.#unreadUpTo);
      this.#unreadUpTo = undefined;
      if (gathered.eventCount > 0) await this.#write(gathered);
    } catch (error) {
      this.#unreadUpTo = gathered.lastId || this.#unreadUpTo;
      throw error;
    }
  }

  async #writeUnread(upTo: string): Promise<void> {
    const rows = await this.database.sql.all<UsageMark>(...withList(MARKS, SHARDS));
    for (const shard of SHARDS) this.#marks.set(shard, '');
    for (const { id, eventId } of rows) this.#marks.set(id, eventId);
    let [after = ''] = [...this.#marks.values()].sort();
    for (;;) {
      const events = await this.database.sql.all<TalliedEvent>(UNWRITTEN, [after, upTo]);
      const tally = new ShardedUsageTally();
      for (const event of events) {
        tally.add(event, (shard) => event.id > (this.#marks.get(shard) ?? ''));
      }
      if (events.length > 0) await this.#write(tally);
      if (events.length < EVENTS_READ) return;
      after = tally.lastId;
    }
  }

  /** A few shards a transaction; the last one moves every mark, also those of shards that had nothing to do. */
  async #write(tally: ShardedUsageTally): Promise<void> {
    const todo = [...tally.shards];
    do {
      const taken: UsageTally[] = [];
      for (let rows = 0; rows < ROWS && todo.length > 0; ) {
        const [name, shard] = todo.shift() as (typeof todo)[number];
        taken.push(shard);
        rows += shard.size;
        this.#marks.set(name, tally.lastId);
      }
      if (todo.length === 0) this.#moveMarks(tally.lastId);
      await this.database.bulk(async (sql) => {
        for (const shard of taken) await writeShard(sql, shard);
        await insertRows(sql, MARK, [...this.#marks]);
      });
    } while (todo.length > 0);
  }

  /** A shard may be further on already, where what is written was read again after a crash. */
  #moveMarks(eventId: string): void {
    for (const [shard, mark] of this.#marks) if (mark < eventId) this.#marks.set(shard, eventId);
  }
}

async function writeShard(sql: Sql, shard: UsageTally): Promise<void> {
  await insertRows(sql, INSERT_ENTRY, shard.entries());
  for (const [id, uses, usedAt, usedFrom] of shard.counts()) {
    await sql.run(COUNT, [uses, usedAt, usedFrom, id]);
  }
}
