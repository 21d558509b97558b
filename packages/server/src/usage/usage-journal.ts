import pLimit from 'p-limit';
import type { Database, Sql } from '../database/database.js';
import { inParts, withList } from '../database/rows.js';
import type { UsageEvent } from './usage-event.entity.js';
import type { UsageJournalEntry } from './usage-journal.entity.js';
import type { Rollup } from './usage-rollup.js';

const NOTE = 'INSERT INTO usage_journal (id, eventIds) VALUES (?, ?)';
/** A column holds 64 KiB. */
const EVENTS_AN_ENTRY = 1000;
/** As many as keep the tokens' rows locked for some ten milliseconds. */
const ENTRIES_A_STEP = 32;

const ANY = 'SELECT id FROM usage_journal LIMIT 1';
const NEXT = 'SELECT id, eventIds FROM usage_journal ORDER BY id LIMIT ? FOR UPDATE';
const INDEX_TOKENS = `INSERT INTO usage_index (ownerId, outcome, eventId)
  SELECT accessTokenId, outcome, id FROM usage_events WHERE id IN (?) ORDER BY 1, 2, 3`;
const INDEX_ACCOUNTS = `INSERT INTO usage_index (ownerId, outcome, eventId)
  SELECT accountId, outcome, id FROM usage_events WHERE id IN (?) ORDER BY 1, 2, 3`;
const COUNT = `UPDATE (SELECT accessTokenId, COUNT(*) AS uses, MAX(id) AS lastId
      FROM usage_events WHERE id IN (?) GROUP BY accessTokenId) counted
  STRAIGHT_JOIN access_tokens token ON token.id = counted.accessTokenId
  STRAIGHT_JOIN usage_events last ON last.id = counted.lastId
  SET token.useCount = token.useCount + counted.uses,
    token.lastUsedFrom = IF(last.occurredAt >= COALESCE(token.lastUsedAt, 0), last.ipAddress, token.lastUsedFrom),
    token.lastUsedAt = GREATEST(last.occurredAt, COALESCE(token.lastUsedAt, 0))`;
const FORGET = 'DELETE FROM usage_journal WHERE id IN (?)';

/**
 * Notes in a batch's own transaction that its events are to be rolled up: one row for all of them, which no other
 * transaction waits for. A mark, as on SQLite, would have to know how far every server has come, and their batches commit
 * in no order of their identifiers; a row that is committed with its events, and removed with their entries, needs no order.
 */
export async function noteInJournal(sql: Sql, events: readonly UsageEvent[]): Promise<void> {
  for (const part of inParts(events, EVENTS_AN_ENTRY)) {
    const ids = part.map(({ id }) => id);
    await sql.run(NOTE, [ids[0] ?? null, ids.join()]);
  }
}

/**
 * Brings the usage index and the tokens' counters up to the events on disk, on MySQL. Whichever server does it locks the
 * journal's rows first, so each is done once; one that is killed amid it has done nothing.
 */
export class JournalRollup implements Rollup {
  readonly #oneAtATime = pLimit(1);
  #waiting: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  /** Other servers' events are in it too. */
  settle(): Promise<void> {
    // One that runs may have looked already: the next one, which has not begun, serves everybody who comes meanwhile.
    this.#waiting ??= this.#oneAtATime(async () => {
      this.#waiting = undefined;
      while ((await this.#step()) === ENTRIES_A_STEP);
    });
    return this.#waiting;
  }

  async #step(): Promise<number> {
    if ((await this.database.sql.get(ANY)) === undefined) return 0;
    return this.database.bulk(rollUp);
  }
}

/** @returns how many entries it took. */
async function rollUp(sql: Sql): Promise<number> {
  const entries = await sql.all<UsageJournalEntry>(NEXT, [ENTRIES_A_STEP]);
  const eventIds = entries.flatMap((entry) => entry.eventIds.split(','));
  for (const part of inParts(eventIds, EVENTS_AN_ENTRY)) {
    for (const statement of [INDEX_TOKENS, INDEX_ACCOUNTS, COUNT]) {
      await sql.run(...withList(statement, part));
    }
  }
  const done = entries.map(({ id }) => id);
  if (done.length > 0) await sql.run(...withList(FORGET, done));
  return entries.length;
}
