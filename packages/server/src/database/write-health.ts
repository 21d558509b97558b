import { writeFailure } from './database-errors.js';

/** A database that was written this lately need not be tried. */
const FRESH_MS = 10_000;

/**
 * Whether the database takes what is written. A write that fails for the database's own reasons makes it unhealthy at once;
 * only a write that is made for the purpose makes it healthy again, since a small one may fit where others do not.
 */
export class WriteHealth {
  #failure: string | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #trying: Promise<void> | undefined;

  /**
   * @param location of the database, for people.
   * @param tryOut writes something, as far as to the database's own file.
   */
  constructor(
    private readonly location: string,
    private readonly tryOut: () => Promise<void>,
  ) {}

  /** Why nothing can be written now, as a sentence; undefined where it can. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Runs `write`, and takes note of how it went. */
  async watch<T>(write: () => Promise<T>): Promise<T> {
    try {
      const result = await write();
      this.#writtenAt = performance.now();
      return result;
    } catch (error) {
      this.#failure = writeFailure(error, this.location) ?? this.#failure;
      throw error;
    }
  }

  /** Writes where something failed, or nothing was written of late; @returns whether that is possible. */
  async check(): Promise<boolean> {
    const isFresh = performance.now() - this.#writtenAt < FRESH_MS;
    if (this.#failure !== undefined || !isFresh) await this.retry();
    return this.#failure === undefined;
  }

  /** Writes, to see whether that is possible. */
  retry(): Promise<void> {
    this.#trying ??= this.#retry().finally(() => {
      this.#trying = undefined;
    });
    return this.#trying;
  }

  async #retry(): Promise<void> {
    try {
      await this.watch(this.tryOut);
      this.#failure = undefined;
    } catch (error) {
      this.#failure ??= `The database at ${this.location} could not be written: ${error}`;
    }
  }
}
