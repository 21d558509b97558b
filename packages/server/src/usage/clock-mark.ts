import type { Database } from '../database/database.js';
import type { ClockMark as Row } from '../database/entities/clock-mark.entity.js';
import { newestUse } from './usage-journal.js';

const READ = "SELECT latestMs, afterEventId FROM clock_marks WHERE name = 'clock'";
const MAKE = "INTO clock_marks (name, latestMs, afterEventId) VALUES ('clock', 0, '')";
const RAISE = "UPDATE clock_marks SET latestMs = ? WHERE name = 'clock' AND latestMs < ?";
const SET = "UPDATE clock_marks SET latestMs = ?, afterEventId = ? WHERE name = 'clock'";

/** The latest time that a database has seen, kept in it: the high-water mark behind which no server's clock goes. */
export class ClockMark {
  constructor(private readonly database: Database) {}

  /**
   * What is written now and then lags behind after a crash; the newest usage event does not.
   * @returns UTC milliseconds
   */
  async latestMs(): Promise<number> {
    const row = await this.#read();
    const newest = await newestUse(this.database.sql);
    const counts = newest !== undefined && newest.id > row.afterEventId;
    return Math.max(row.latestMs, counts ? newest.occurredAt : 0);
  }

  /** What is written down; @returns UTC milliseconds */
  async writtenMs(): Promise<number> {
    return (await this.#read()).latestMs;
  }

  /** Writes `timeMs` down unless a later one stands there. */
  async raise(timeMs: number): Promise<void> {
    await this.database.bulk((sql) => sql.run(RAISE, [timeMs, timeMs]));
  }

  /** Takes `timeMs` for the latest time, though a later one was seen: that one was wrong. */
  async accept(timeMs: number): Promise<void> {
    await this.#read();
    const newest = await newestUse(this.database.sql);
    await this.database.bulk((sql) => sql.run(SET, [timeMs, newest?.id ?? '']));
  }

  async #read(): Promise<Pick<Row, 'latestMs' | 'afterEventId'>> {
    type Raw = Omit<Row, 'latestMs'> & { latestMs: number | string };
    const row = await this.database.sql.get<Raw>(READ);
    if (row !== undefined) return { ...row, latestMs: Number(row.latestMs) };
    const insert = this.database.engine === 'sqlite' ? 'INSERT OR IGNORE' : 'INSERT IGNORE';
    await this.database.bulk((sql) => sql.run(`${insert} ${MAKE}`));
    return { latestMs: 0, afterEventId: '' };
  }
}
