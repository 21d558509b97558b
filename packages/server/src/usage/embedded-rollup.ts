import pLimit from 'p-limit';
import { SECOND_MS } from '../core/clock.js';
import type { Database, Sql } from '../database/database.js';
import type { UsageEvent } from '../database/entities/usage-event.js';
import type { UsageJournalEntry } from '../database/entities/usage-journal.entity.js';
import type { UsageMark } from '../database/entities/usage-mark.entity.js';
import { insertRows, withList } from '../database/rows.js';
import type { Rollup } from './rollup.js';
import { ShardedUsageTally } from './sharded-usage-tally.js';
import { eventsOf } from './usage-journal.js';
import type { UsageTally } from './usage-tally.js';

/** Uses a transaction, about: what else is written waits for it some milliseconds. */
const EVENTS_A_TRANSACTION = 1000;
/** What is gathered at most before it is written without being asked for. */
const EVENTS_GATHERED = 50_000;
/** Entries read at once of what a process before this one left behind, and removed at once. */
const ENTRIES_A_STEP = 128;
const SHARDS = [...'0123456789abcdef'];

const UNWRITTEN = `SELECT id, events FROM usage_journal
  WHERE id > ? AND id <= ? ORDER BY id LIMIT ${ENTRIES_A_STEP}`;
const COUNT = `UPDATE access_tokens SET useCount = useCount + ?, lastUsedAt = ?, lastUsedFrom = ?
  WHERE id = ?`;
const MARKS = 'SELECT id, eventId FROM usage_marks WHERE id IN (?)';
const MARK = 'INSERT OR REPLACE INTO usage_marks (id, eventId) VALUES (?, ?)';
const FORGET = `DELETE FROM usage_journal WHERE id IN
  (SELECT id FROM usage_journal WHERE id <= ? ORDER BY id LIMIT ${ENTRIES_A_STEP})`;

/**
 * Brings the groups of uses and the tokens' counters up to the journal. Events are gathered in memory as they are committed,
 * and written by token: random index pages and a token's row in every batch would cost several times what the batch does. A
 * mark for each shard of tokens, moved in the same transaction, says how far it has come; what a crash took from memory is
 * read from the journal again. For SQLite, whose one writer commits events in the order of their identifiers; MySQL's is
 * `SharedRollup`.
 */
export class EmbeddedRollup implements Rollup {
  /** The more uses of a token come together, the fewer groups there are to write. */
  readonly pauseMs = 30 * SECOND_MS;
  #gathered = new ShardedUsageTally();
  /** By shard; empty for those that have not begun. */
  #marks = new Map(SHARDS.map((shard) => [shard, '']));
  /** What may be missing from memory ends here: what a process before this one left behind, or what could not be written. */
  #unreadUpTo: string | undefined;
  readonly #oneAtATime = pLimit(1);
  #waiting: Promise<void> | undefined;

  /** @param latestId the newest event on disk, where there is one. */
  constructor(
    private readonly database: Database,
    latestId: string | undefined,
  ) {
    this.#unreadUpTo = latestId;
  }

  /** Gathers events that are on disk. */
  add(events: readonly UsageEvent[]): void {
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
      const entries = await this.database.sql.all<UsageJournalEntry>(UNWRITTEN, [after, upTo]);
      const tally = new ShardedUsageTally();
      for (const event of entries.flatMap(eventsOf)) {
        tally.add(event, (shard) => event.id > (this.#marks.get(shard) ?? ''));
      }
      if (entries.length > 0) await this.#write(tally);
      if (entries.length < ENTRIES_A_STEP) return;
      after = tally.lastId;
    }
  }

  /**
   * A few shards a transaction; the last one moves every mark, also those of shards that had nothing to do, and then the journal
   * is done with so far.
   */
  async #write(tally: ShardedUsageTally): Promise<void> {
    const todo = [...tally.shards];
    do {
      const taken: UsageTally[] = [];
      for (let events = 0; events < EVENTS_A_TRANSACTION && todo.length > 0; ) {
        const [name, shard] = todo.shift() as (typeof todo)[number];
        taken.push(shard);
        events += shard.eventCount;
        this.#marks.set(name, tally.lastId);
      }
      if (todo.length === 0) this.#moveMarks(tally.lastId);
      await this.database.bulk(async (sql) => {
        for (const shard of taken) await writeShard(sql, shard);
        await insertRows(sql, MARK, [...this.#marks]);
      });
    } while (todo.length > 0);
    const forget = () => this.database.bulk((sql) => sql.run(FORGET, [tally.lastId]));
    while ((await forget()) === ENTRIES_A_STEP);
  }

  /** A shard may be further on already, where what is written was read again after a crash. */
  #moveMarks(eventId: string): void {
    for (const [shard, mark] of this.#marks) if (mark < eventId) this.#marks.set(shard, eventId);
  }
}

async function writeShard(sql: Sql, shard: UsageTally): Promise<void> {
  await shard.insertGroups(sql);
  for (const [id, uses, usedAt, usedFrom] of shard.counts()) {
    await sql.run(COUNT, [uses, usedAt, usedFrom, id]);
  }
}
