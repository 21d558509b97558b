import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { Database } from './database/database.js';
import { lowestIdAt } from './ids.js';
import type { SessionService } from './sessions/session.service.js';
import { inSteps } from './steps.js';

/** So many rows a transaction: a verification that comes between two steps waits a few milliseconds at most. */
const STEP = 25;

/**
 * Removes what is over: sessions past their end with their tokens, then tombstones, ended sessions and uses past their
 * retention. Nothing depends on it for being refused in time, since that is checked on every use.
 */
export class Housekeeping {
  #running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionService,
    private readonly clock: Clock,
    private readonly config: Pick<Config, 'tombstoneMs' | 'usageMs'>,
  ) {}

  /** One round through all that is due; a second call meanwhile joins the first. */
  run(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #round(): Promise<void> {
    await untilFewer(() => this.sessions.endExpired(STEP));
    await untilFewer(() => this.#forgetTombstones());
    await untilFewer(() => this.#forgetSessions());
    await untilFewer(() => this.#forgetUses());
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

  #forgetUses(): Promise<number> {
    const before = lowestIdAt(this.clock.now() - this.config.usageMs);
    // What is not in the index yet would be entered there later, and stay for ever.
    const indexed =
      this.database.engine === 'sqlite'
        ? 'AND id <= (SELECT MIN(eventId) FROM usage_marks)'
        : `AND id < COALESCE((SELECT MIN(id) FROM usage_journal), 'g')`;
    return this.database.transaction(async ({ sql }) => {
      const rows = await sql.all<Record<'id' | 'outcome' | 'accessTokenId' | 'accountId', string>>(
        `SELECT id, outcome, accessTokenId, accountId FROM usage_events
         WHERE id < ? ${indexed} ORDER BY id LIMIT ?`,
        [before, STEP],
      );
      for (const { id, outcome, accessTokenId, accountId } of rows) {
        for (const ownerId of [accessTokenId, accountId]) {
          const entry = 'DELETE FROM usage_index WHERE ownerId = ? AND outcome = ? AND eventId = ?';
          await sql.run(entry, [ownerId, outcome, id]);
        }
        await sql.run('DELETE FROM usage_events WHERE id = ?', [id]);
      }
      return rows.length;
    });
  }
}

/** Repeats what takes up to a step's rows until it finds fewer. */
function untilFewer(take: () => Promise<number>): Promise<void> {
  return inSteps(async () => (await take()) === STEP);
}
