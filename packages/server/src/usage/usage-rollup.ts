import type { Database, Sql, SqlValue } from '../database/database.js';
import type { UsageEvent } from './usage-event.entity.js';

const MARK_ID = 'usage-rollup';
/** As many events as fit a few milliseconds: nothing else waits longer than that for the database. */
const STEP = 1000;

const INDEX_TOKENS = `INSERT INTO usage_index (ownerId, outcome, eventId)
  SELECT accessTokenId, outcome, id FROM usage_events WHERE id > ? AND id <= ? ORDER BY 1, 2, 3`;
const INDEX_ACCOUNTS = `INSERT INTO usage_index (ownerId, outcome, eventId)
  SELECT accountId, outcome, id FROM usage_events WHERE id > ? AND id <= ? ORDER BY 1, 2, 3`;
const COUNT = `UPDATE access_tokens
  SET useCount = useCount + ?, lastUsedAt = ?, lastUsedFrom = ? WHERE id = ?`;

export type Counted = Pick<UsageEvent, 'accessTokenId' | 'occurredAt' | 'ipAddress'>;

/**
 * Brings the usage index and the tokens' counters up to the events on disk. Doing it in bulk, sorted, costs a fraction of
 * what two more random index pages and a token's row would cost in every batch. A mark, moved in the same transaction,
 * says how far it has come; after a crash the rest is simply done again.
 */
export class UsageRollup {
  #running: Promise<void> | undefined;
  #behind: boolean;

  constructor(private readonly database: Database) {
    this.#behind = database.engine === 'sqlite';
  }

  /** Notes that there are events to roll up; on MySQL they come with their entries (`indexAndCount`). */
  noteRecorded(): void {
    this.#behind = this.database.engine === 'sqlite';
  }

  /** Resolves once every event that was on disk at the call is in the index and in the counters. */
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
      while ((await this.database.transaction(({ sql }) => rollUpStep(sql))) === STEP);
    } catch (error) {
      this.#behind = true;
      throw error;
    }
  }
}

/** @returns how many events it took. */
async function rollUpStep(sql: Sql): Promise<number> {
  const mark = await sql.get<{ eventId: string }>('SELECT eventId FROM usage_marks WHERE id = ?', [
    MARK_ID,
  ]);
  const after = mark?.eventId ?? '';
  const events = await sql.all<Counted & { id: string }>(
    'SELECT id, accessTokenId, occurredAt, ipAddress FROM usage_events WHERE id > ? ORDER BY id LIMIT ?',
    [after, STEP],
  );
  const last = events.at(-1);
  if (last === undefined) return 0;
  await sql.run(INDEX_TOKENS, [after, last.id]);
  await sql.run(INDEX_ACCOUNTS, [after, last.id]);
  for (const row of countersOf(events)) await sql.run(COUNT, row);
  await sql.run(
    mark === undefined
      ? 'INSERT INTO usage_marks (eventId, id) VALUES (?, ?)'
      : 'UPDATE usage_marks SET eventId = ? WHERE id = ?',
    [last.id, MARK_ID],
  );
  return events.length;
}

/** A row a token for `COUNT`, in the order of the tokens' keys. */
export function countersOf(events: readonly Counted[]): SqlValue[][] {
  const byToken = new Map<string, { count: number; last: Counted }>();
  for (const event of events) {
    const count = (byToken.get(event.accessTokenId)?.count ?? 0) + 1;
    byToken.set(event.accessTokenId, { count, last: event });
  }
  return [...byToken]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, { count, last }]) => [count, last.occurredAt, last.ipAddress, id]);
}
