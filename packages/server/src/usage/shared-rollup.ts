import pLimit from 'p-limit';
import { SECOND_MS } from '../core/clock.js';
import type { Database, Sql } from '../database/database.js';
import type { UsageJournalEntry } from '../database/entities/usage-journal.entity.js';
import { inParts, ROWS_A_STATEMENT, withList } from '../database/rows.js';
import type { Rollup } from './rollup.js';
import { eventsOf } from './usage-journal.js';
import { UsageTally } from './usage-tally.js';

/** Entries that are read at once: what they hold is parsed in one turn of the event loop. */
const ENTRIES_A_READ = 64;
/**
 * Entries a transaction, which comes to a second or less on a busy machine: the more uses come together, the fewer rows of groups
 * and of tokens there are to write. The tokens' rows are locked for its last part alone.
 */
const ENTRIES_A_STEP = 16 * ENTRIES_A_READ;

const ANY = 'SELECT id FROM usage_journal LIMIT 1';
const NEXT = `SELECT id, events FROM usage_journal WHERE id > ?
  ORDER BY id LIMIT ${ENTRIES_A_READ} FOR UPDATE`;
const COUNTED = `SELECT CAST(? AS CHAR(36)) AS id, CAST(? AS SIGNED) AS uses,
    CAST(? AS SIGNED) AS usedAt, CAST(? AS CHAR(45)) AS usedFrom`;
const FORGET = 'DELETE FROM usage_journal WHERE id IN (?)';

/**
 * Brings the groups of uses and the tokens' counters up to the journal, where any number of servers write it. Whichever of them
 * does it locks the journal's rows first, so each is done once; one that is killed amid it has done nothing. A mark, as
 * `EmbeddedRollup` has it, would have to know how far every server has come, and their batches commit in no order of their
 * identifiers; a row that is removed with what it leads to needs no order.
 */
export class SharedRollup implements Rollup {
  /** What waits is read by whoever asks for uses next, who waits for it. */
  readonly pauseMs = 5 * SECOND_MS;
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
  // Servers' batches commit in no order. What comes late makes groups beside others of the same period, no further.
  const tally = new UsageTally();
  const done: string[] = [];
  let entries: UsageJournalEntry[];
  do {
    entries = await sql.all<UsageJournalEntry>(NEXT, [done.at(-1) ?? '']);
    for (const event of entries.flatMap(eventsOf)) tally.add(event);
    done.push(...entries.map(({ id }) => id));
  } while (entries.length === ENTRIES_A_READ && done.length < ENTRIES_A_STEP);
  await tally.insertGroups(sql);
  for (const part of inParts(tally.counts(), ROWS_A_STATEMENT)) {
    await sql.run(countingStatement(part.length), part.flat());
  }
  if (done.length > 0) await sql.run(...withList(FORGET, done));
  return done.length;
}

/** Adds to so many tokens' counters; the values are a tally's `counts`. */
function countingStatement(tokens: number): string {
  return `UPDATE (${Array(tokens).fill(COUNTED).join(' UNION ALL ')}) counted
    STRAIGHT_JOIN access_tokens token ON token.id = counted.id
    SET token.useCount = token.useCount + counted.uses,
      token.lastUsedFrom = IF(counted.usedAt >= COALESCE(token.lastUsedAt, 0), counted.usedFrom, token.lastUsedFrom),
      token.lastUsedAt = GREATEST(counted.usedAt, COALESCE(token.lastUsedAt, 0))`;
}
