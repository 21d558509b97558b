import type { Clock } from '../core/clock.js';
import type { Sql } from '../database/database.js';

/** The database's clock in UTC milliseconds, as an expression; each session's time zone is UTC. */
export const DATABASE_NOW = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';

/**
 * The database's time on this machine's monotonic clock: servers whose own clocks differ agree on what has expired. A
 * reading is as exact as half the time it took, and only one that cannot be explained by that moves the clock.
 */
export class DatabaseClock implements Clock {
  #offsetMs: number | undefined;

  constructor(private readonly sql: Sql) {}

  now(): number {
    return Math.floor(performance.now() + (this.#offsetMs ?? Number.NaN));
  }

  /** Reads the database's clock. Called before the first `now`, and again and again. */
  async adjust(): Promise<void> {
    const askedAt = performance.now();
    const row = await this.sql.get<{ now: number | string }>(`SELECT ${DATABASE_NOW} AS now`);
    const tookMs = performance.now() - askedAt;
    const offsetMs = Number(row?.now) - (askedAt + tookMs / 2);
    const differsBy = Math.abs(offsetMs - (this.#offsetMs ?? Number.POSITIVE_INFINITY));
    if (differsBy > tookMs / 2 + 1) this.#offsetMs = offsetMs;
  }
}
