import pLimit from 'p-limit';
import type { Database, Sql } from '../database/database.js';
import { inParts, insertRows, withList } from '../database/rows.js';
import type { UsageEvent } from './usage-event.entity.js';
import type { UsageJournalEntry } from './usage-journal.entity.js';
import type { BatchFormat } from './usage-recorder.js';
import type { Rollup } from './usage-rollup.js';
import { INSERT_USE, toUsageRow } from './usage-rows.js';

/** The column holds 64 KiB, and an event comes to 2.2 KiB where all of its texts are as long as they can be. */
const EVENTS_AN_ENTRY = 24;
/** As many as keep the tokens' rows locked for some ten milliseconds. */
const ENTRIES_A_STEP = 48;

const IDS_A_STATEMENT = 1024;

const ANY = 'SELECT id FROM usage_journal LIMIT 1';
const NEXT = 'SELECT id, events FROM usage_journal ORDER BY id LIMIT ? FOR UPDATE';
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
 * Batches as they are written on MySQL: a row or two of the journal, in one statement that is a transaction by itself.
 * Tables and counters come later and in bulk. A mark, as on SQLite, would have to know how far every server has come, and
 * their batches commit in no order of their identifiers; a row that is removed with what it leads to needs no order.
 */
export const JOURNAL: BatchFormat = {
  statement: 'INSERT INTO usage_journal (id, events) VALUES (?, ?)',
  toRows: (events) =>
    [...inParts(events, EVENTS_AN_ENTRY)].map((part) => [
      part[0]?.id ?? null,
      JSON.stringify(part),
    ]),
};

/**
 * Brings the tables of uses, their index and the tokens' counters up to the journal, on MySQL. Whichever server does it locks the
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
  const events = entries.flatMap((entry) => JSON.parse(entry.events) as UsageEvent[]);
  await insertRows(sql, INSERT_USE, events.map(toUsageRow));
  const eventIds = events.map(({ id }) => id);
  for (const part of inParts(eventIds, IDS_A_STATEMENT)) {
    for (const statement of [INDEX_TOKENS, INDEX_ACCOUNTS, COUNT]) {
      await sql.run(...withList(statement, part));
    }
  }
  const done = entries.map(({ id }) => id);
  if (done.length > 0) await sql.run(...withList(FORGET, done));
  return entries.length;
}
