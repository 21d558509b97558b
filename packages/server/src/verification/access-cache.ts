import { LRUCache } from 'lru-cache';
import type { Events } from '../pubsub/events.js';
import type { AccessRecord } from './access-record.js';

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
    /** What the database has now. */
    private readonly readRecord: (digest: string) => Promise<AccessRecord | undefined>,
    events: Events,
    /** Whether every change is sure to be announced here; while it is not, the database is read. */
    private readonly isTrusted: () => boolean,
  ) {
    events.listen('accountChanged', ({ accountId }) => this.#drop(accountId));
  }

  get(digest: string): AccessRecord | undefined {
    return this.isTrusted() ? this.#records.get(digest) : undefined;
  }

  /** Reads the record from the database and keeps it. */
  async read(digest: string): Promise<AccessRecord | undefined> {
    const invalidationsBefore = this.isTrusted() ? this.#invalidations : -1;
    const record = await this.readRecord(digest);
    // What was read while something changed may be older than the change: use it once, do not keep it.
    if (record !== undefined && this.isTrusted() && this.#invalidations === invalidationsBefore)
      this.#keep(digest, record);
    return record;
  }

  /** Drops everything. */
  clear(): void {
    this.#invalidations++;
    this.#records.clear();
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
