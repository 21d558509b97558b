import type { Database, Sql } from '../database/database.js';
import type { UsageMark } from './usage-mark.entity.js';

/**
 * Events a transaction. What it costs are the pages it touches, which are hardly more for many events than for few, and
 * what else is written waits some ten milliseconds.
 */
const STEP = 10_000;

const WINDOW = `SELECT MAX(id) AS last, COUNT(*) AS count
  FROM (SELECT id FROM usage_events WHERE id > ? ORDER BY id LIMIT ${STEP}) next`;
const INDEX_TOKENS = `INSERT INTO usage_index (ownerId, outcome, eventId)
  SELECT accessTokenId, outcome, id FROM usage_events WHERE id > ? AND id <= ? ORDER BY 1, 2, 3`;
const INDEX_ACCOUNTS = `INSERT INTO usage_index (ownerId, outcome, eventId)
  SELECT accountId, outcome, id FROM usage_events WHERE id > ? AND id <= ? ORDER BY 1, 2, 3`;
/** Of the columns beside MAX, SQLite takes the values of the row that has it. */
const COUNT = `UPDATE access_tokens
  SET useCount = useCount + recent.count, lastUsedAt = recent.occurredAt, lastUsedFrom = recent.ipAddress
  FROM (SELECT accessTokenId, COUNT(*) AS count, MAX(id), occurredAt, ipAddress
    FROM usage_events WHERE id > ? AND id <= ? GROUP BY accessTokenId) AS recent
  WHERE access_tokens.id = recent.accessTokenId`;

/** Keeps the usage index and the tokens' counters. */
export interface Rollup {
  /** Resolves once every event that was on disk at the call is in the index and in the counters. */
  settle(): Promise<void>;
}

/** What is done with the events above one identifier and up to another. */
type Part = (sql: Sql, window: readonly [string, string]) => Promise<unknown>;

/** By the mark of each. Apart, each takes more events into a transaction for the same wait, and so writes fewer pages. */
const PARTS: Readonly<Record<string, Part>> = {
  'usage-by-token': (sql, window) => sql.run(INDEX_TOKENS, window),
  'usage-by-account': (sql, window) => sql.run(INDEX_ACCOUNTS, window),
  'usage-counters': (sql, window) => sql.run(COUNT, window),
};

/**
 * Brings the usage index and the tokens' counters up to the events on disk. Doing it in bulk, sorted, costs a fraction of
 * what two more random index pages and a token's row would cost in every batch. A mark for each part, moved in the same
 * transaction, says how far it has come; after a crash the rest is simply done again. For SQLite, whose one writer commits
 * events in the order of their identifiers; MySQL's is `JournalRollup`.
 */
export class UsageRollup implements Rollup {
  #running: Promise<void> | undefined;
  #behind = true;

  constructor(private readonly database: Database) {}

  /** Notes that there are events to roll up. */
  noteRecorded(): void {
    this.#behind = true;
  }

  async settle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    if (!this.#behind) return;
    this.#behind = false;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (await this.#step());
    } catch (error) {
      this.#behind = true;
      throw error;
    }
  }

  /** Brings every part a step further; @returns whether there may be more to do. */
  async #step(): Promise<boolean> {
    let isBehind = false;
    for (const [markId, part] of Object.entries(PARTS)) {
      const taken = await this.database.bulk((sql) => rollUp(sql, markId, part));
      isBehind ||= taken === STEP;
    }
    return isBehind;
  }
}

/** @returns how many events it took. */
async function rollUp(sql: Sql, markId: string, part: Part): Promise<number> {
  const mark = await sql.get<Pick<UsageMark, 'eventId'>>(
    'SELECT eventId FROM usage_marks WHERE id = ?',
    [markId],
  );
  const after = mark?.eventId ?? '';
  const window = await sql.get<{ last: string | null; count: number }>(WINDOW, [after]);
  if (window?.last == null) return 0;
  await part(sql, [after, window.last]);
  await sql.run(
    mark === undefined
      ? 'INSERT INTO usage_marks (eventId, id) VALUES (?, ?)'
      : 'UPDATE usage_marks SET eventId = ? WHERE id = ?',
    [window.last, markId],
  );
  return Number(window.count);
}
