import { LRUCache } from 'lru-cache';
import type { Sql } from '../database/database.js';
import type { ResourceServer } from '../database/entities/resource-server.entity.js';
import type { Events } from '../pubsub/events.js';

/** A resource server as far as its requests go. */
export type KnownResourceServer = Pick<ResourceServer, 'name' | 'secretDigest'>;

const CACHED = 1000;
const SELECT =
  'SELECT name, secretDigest FROM resource_servers WHERE secretDigest = ? AND revokedAt IS NULL';

/**
 * Resource servers whose secret is good, by its digest, in memory: the same few ask all the time. One that ends is
 * forgotten before that is acknowledged. Unknown digests are not kept.
 */
export class ResourceServerCache {
  readonly #known = new LRUCache<string, KnownResourceServer>({ max: CACHED });
  #invalidations = 0;

  constructor(
    private readonly sql: Sql,
    events: Events,
    /** Whether every change is sure to be announced here; while it is not, the database is read. */
    private readonly isTrusted: () => boolean,
  ) {
    events.listen('resourceServerEnded', () => this.clear());
  }

  async find(digest: string): Promise<KnownResourceServer | undefined> {
    const trusted = this.isTrusted();
    const cached = trusted ? this.#known.get(digest) : undefined;
    if (cached !== undefined) return cached;
    const invalidationsBefore = this.#invalidations;
    const found = await this.sql.get<KnownResourceServer>(SELECT, [digest]);
    // What was read while something changed may be older than the change: use it once, do not keep it.
    const isCurrent = trusted && this.isTrusted() && this.#invalidations === invalidationsBefore;
    if (found !== undefined && isCurrent) this.#known.set(digest, found);
    return found;
  }

  clear(): void {
    this.#invalidations++;
    this.#known.clear();
  }
}
