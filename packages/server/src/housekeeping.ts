import type { Config } from './config.js';
import { inBatches } from './core/batches.js';
import { type Clock, SECOND_MS } from './core/clock.js';
import type { Database } from './database/database.js';
import { DEVICE_KEY_LIFE_MS } from './sessions/known-clients.js';
import type { SessionEndingService } from './sessions/session-ending.service.js';
import type { UsageRetention } from './usage/usage-retention.js';

/** So many rows a transaction: a verification that comes between two steps waits a few milliseconds at most. */
const STEP = 25;
/** Much may be past its retention at once; a round of it ends by then, and what is left waits for the next one. */
const ROUND_LIMIT_MS = 2 * SECOND_MS;

/**
 * Removes what is over: sessions past their end with their tokens; and tombstones, ended sessions and uses past their
 * retention, and the oldest uses where the log is too large. Nothing depends on it for being refused in time, since that is checked on every use.
 */
export class Housekeeping {
  constructor(
    private readonly database: Database,
    private readonly endings: SessionEndingService,
    private readonly usage: UsageRetention,
    private readonly clock: Clock,
    private readonly config: Pick<Config, 'tombstoneMs'>,
  ) {}

  /** Ends every session whose time has come. */
  endExpired(): Promise<void> {
    return inBatches(async () => (await this.endings.endExpired(STEP)) === STEP);
  }

  /** Removes what is past its retention, in a round of bounded length; @returns whether there is more. */
  async forget(): Promise<boolean> {
    const endsAt = performance.now() + ROUND_LIMIT_MS;
    let more = true;
    await inBatches(async () => {
      const taken = [
        await this.#forgetTombstones(),
        await this.#forgetSessions(),
        await this.usage.forget(STEP),
        await this.#forgetClients(),
      ];
      more = taken.includes(STEP);
      return more && performance.now() < endsAt;
    });
    return more;
  }

  #forgetTombstones(): Promise<number> {
    const before = this.clock.now() - this.config.tombstoneMs;
    return this.database.transaction(async ({ sql }) => {
      const rows = await sql.all<{ id: string }>(
        'SELECT id FROM access_tokens WHERE removedAt <= ? ORDER BY removedAt LIMIT ?',
        [before, STEP],
      );
      for (const { id } of rows) {
        await sql.run('DELETE FROM access_token_secrets WHERE accessTokenId = ?', [id]);
        await sql.run('DELETE FROM access_tokens WHERE id = ?', [id]);
      }
      return rows.length;
    });
  }

  /** A session stays as long as the tombstone of its token may refer to it. */
  #forgetSessions(): Promise<number> {
    const before = this.clock.now() - this.config.tombstoneMs;
    return this.database.transaction(async ({ sql }) => {
      const rows = await sql.all<{ id: string }>(
        'SELECT id FROM sessions WHERE endedAt <= ? ORDER BY endedAt LIMIT ?',
        [before, STEP],
      );
      for (const { id } of rows) await sql.run('DELETE FROM sessions WHERE id = ?', [id]);
      return rows.length;
    });
  }

  #forgetClients(): Promise<number> {
    const before = this.clock.now() - DEVICE_KEY_LIFE_MS;
    return this.database.transaction(async ({ sql }) => {
      const rows = await sql.all<{ digest: string }>(
        'SELECT digest FROM known_clients WHERE lastSignInAt <= ? ORDER BY lastSignInAt LIMIT ?',
        [before, STEP],
      );
      for (const { digest } of rows) {
        await sql.run('DELETE FROM known_clients WHERE digest = ?', [digest]);
      }
      return rows.length;
    });
  }
}
