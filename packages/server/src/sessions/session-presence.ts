import { LRUCache } from 'lru-cache';
import { type Clock, MINUTE_MS } from '../core/clock.js';
import type { Database } from '../database/database.js';
import type { Session } from '../database/entities/session.entity.js';
import { liveUntil, type SessionLifetimes } from './session-clock.js';

/** One write a minute keeps a busy session alive. */
const WRITE_EVERY_MS = MINUTE_MS;
const SESSIONS_REMEMBERED = 10_000;
/** So many rows a transaction: nothing that comes meanwhile waits for more. */
const STEP = 50;

type Seen = Pick<Session, 'id' | 'lastSeenAt' | 'expiresAt'>;

interface Sighting extends Pick<Session, 'id' | 'expiresAt'> {
  readonly seenAt: number;
}

/** A session that was seen elsewhere meanwhile keeps the later time, and an ended one stays ended. */
const WRITE = `UPDATE sessions SET lastSeenAt = ?, liveUntil = ?
  WHERE id = ? AND liveUntil > ? AND lastSeenAt < ?`;

/** Keeps a session from idling out while it, its token or its socket is in use. */
export class SessionPresence {
  readonly #sightings = new Map<string, Sighting>();
  /** When each was last seen as far as that is written: what a caller knows of a session may be older. */
  readonly #writtenAt = new LRUCache<string, number>({ max: SESSIONS_REMEMBERED });

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly lifetimes: SessionLifetimes,
  ) {}

  /** Notes that the session was seen now; written by the next `flush`. */
  note({ id, lastSeenAt, expiresAt }: Seen): void {
    const seenAt = this.clock.now();
    if (seenAt - (this.#writtenAt.get(id) ?? lastSeenAt) < WRITE_EVERY_MS) return;
    this.#sightings.set(id, { id, expiresAt, seenAt });
  }

  /** Writes what was noted, as of when it was seen. */
  async flush(): Promise<void> {
    const sightings = [...this.#sightings.values()];
    for (let start = 0; start < sightings.length; start += STEP) {
      await this.#write(sightings.slice(start, start + STEP));
    }
  }

  async #write(sightings: readonly Sighting[]): Promise<void> {
    await this.database.transaction(async ({ sql }) => {
      for (const { id, expiresAt, seenAt } of sightings) {
        const end = liveUntil(seenAt, expiresAt, this.lifetimes);
        await sql.run(WRITE, [seenAt, end, id, seenAt, seenAt]);
      }
    });
    for (const sighting of sightings) {
      this.#writtenAt.set(sighting.id, sighting.seenAt);
      // One that came while this was written is for the next time.
      if (this.#sightings.get(sighting.id) === sighting) this.#sightings.delete(sighting.id);
    }
  }
}
