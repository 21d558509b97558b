import { LRUCache } from 'lru-cache';
import { type Clock, MINUTE_MS } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Session } from './session.entity.js';
import { liveUntil, type SessionLifetimes } from './session-clock.js';

/** One write a minute keeps a busy session alive. */
const WRITE_EVERY_MS = MINUTE_MS;
const SESSIONS_REMEMBERED = 10_000;

type Seen = Pick<Session, 'id' | 'lastSeenAt' | 'expiresAt'>;

/** Keeps a session from idling out while it, its token or its socket is in use. */
export class SessionPresence {
  readonly #seen = new Map<string, Seen>();
  /** When each was last written: what a caller knows of a session may be older. */
  readonly #writtenAt = new LRUCache<string, number>({ max: SESSIONS_REMEMBERED });

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly lifetimes: SessionLifetimes,
  ) {}

  /** Notes that the session was seen now; written by the next `flush`. */
  note(session: Seen): void {
    const writtenAt = this.#writtenAt.get(session.id) ?? session.lastSeenAt;
    if (this.clock.now() - writtenAt >= WRITE_EVERY_MS) this.#seen.set(session.id, session);
  }

  /** Writes what was noted. An ended session stays ended. */
  async flush(): Promise<void> {
    if (this.#seen.size === 0) return;
    const seen = [...this.#seen.values()];
    this.#seen.clear();
    const now = this.clock.now();
    await this.database.transaction(async ({ sql }) => {
      for (const { id, expiresAt } of seen) {
        await sql.run(
          'UPDATE sessions SET lastSeenAt = ?, liveUntil = ? WHERE id = ? AND liveUntil > ?',
          [now, liveUntil(now, expiresAt, this.lifetimes), id, now],
        );
        this.#writtenAt.set(id, now);
      }
    });
  }
}
