import { LRUCache } from 'lru-cache';
import type { Sql } from '../database/database.js';
import type { Events } from '../pubsub/events.js';
import { type AccessRecord, readAccessRecord } from './access-record.js';

const SECRETS_CACHED = 20_000;

/**
 * Access records by digest, in memory. A change of anything that a record holds drops all of its account's records before
 * the change is acknowledged, so what is cached is what the database would say. Unknown digests are not kept.
 */
export class AccessCache {
  readonly #records = new LRUCache<string, AccessRecord>({
    max: SECRETS_CACHED,
    dispose: (record, digest) => this.#forget(record.accountId, digest),
  });
  readonly #digestsByAccount = new Map<string, Set<string>>();
  #invalidations = 0;

  constructor(
    private readonly sql: Sql,
    events: Events,
  ) {
    events.listen('accountChanged', ({ accountId }) => this.#drop(accountId));
  }

  get(digest: string): AccessRecord | undefined {
    return this.#records.get(digest);
  }

  /** Reads the record from the database and keeps it. */
  async read(digest: string): Promise<AccessRecord | undefined> {
    const invalidationsBefore = this.#invalidations;
    const record = await readAccessRecord(this.sql, digest);
    // What was read while something changed may be older than the change: use it once, do not keep it.
    if (record !== undefined && this.#invalidations === invalidationsBefore)
      this.#keep(digest, record);
    return record;
  }

  #keep(digest: string, record: AccessRecord): void {
    this.#records.set(digest, record);
    const digests = this.#digestsByAccount.get(record.accountId) ?? new Set();
    this.#digestsByAccount.set(record.accountId, digests.add(digest));
  }

  #drop(accountId: string): void {
    this.#invalidations++;
    for (const digest of this.#digestsByAccount.get(accountId) ?? []) this.#records.delete(digest);
  }

  #forget(accountId: string, digest: string): void {
    const digests = this.#digestsByAccount.get(accountId);
    digests?.delete(digest);
    if (digests?.size === 0) this.#digestsByAccount.delete(accountId);
  }
}
