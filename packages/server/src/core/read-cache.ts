import { LRUCache } from 'lru-cache';

interface ReadCacheOptions<Value> {
  /** Values at most; the least recently used one goes. */
  readonly max: number;
  /**
   * How long a value counts, in milliseconds from the moment its reading began. Undefined where every change drops what it
   * changes: then a value counts until it is dropped.
   */
  readonly validMs: number | undefined;
  /** What the database has now. */
  readonly read: (key: string) => Promise<Value | undefined>;
  /** The account whose changes drop the value. */
  readonly ownerOf: (value: Value) => string;
}

/**
 * Values of the database by key, in memory. A change drops the values of its account before it is acknowledged, on the
 * server that makes it; other servers hear of it soon, and where they do not, go by it once the validity is over. What is
 * not in the database is not kept.
 */
export class ReadCache<Value extends object> {
  readonly #values: LRUCache<string, Value>;
  readonly #keysByOwner = new Map<string, Set<string>>();
  readonly #options: ReadCacheOptions<Value>;
  #drops = 0;

  constructor(options: ReadCacheOptions<Value>) {
    this.#options = options;
    this.#values = new LRUCache({
      max: options.max,
      dispose: (value, key) => this.#forget(options.ownerOf(value), key),
      // The clock is read at each look: a process that was paused must not go by the time before.
      ...(options.validMs !== undefined && { ttl: options.validMs, ttlResolution: 0 }),
    });
  }

  /** The value that is kept and still counts. */
  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** Reads the value from the database, and keeps it. */
  async read(key: string): Promise<Value | undefined> {
    const { read, ownerOf, validMs } = this.#options;
    const dropsBefore = this.#drops;
    const start = performance.now();
    const value = await read(key);
    // What was read while something changed may be older than the change: use it once, do not keep it.
    if (value === undefined || this.#drops !== dropsBefore) return value;
    this.#values.set(key, value, validMs === undefined ? {} : { start });
    const owner = ownerOf(value);
    const keys = this.#keysByOwner.get(owner) ?? new Set();
    this.#keysByOwner.set(owner, keys.add(key));
    return value;
  }

  /** Drops the values of an account. */
  drop(owner: string): void {
    this.#drops++;
    for (const key of this.#keysByOwner.get(owner) ?? []) this.#values.delete(key);
  }

  #forget(owner: string, key: string): void {
    const keys = this.#keysByOwner.get(owner);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysByOwner.delete(owner);
  }
}
