import { SECOND_MS } from './clock.js';

/** Lets one line a second into the log of what every request may bring about, or a full disk's would fill it further. */
export class LineLimit {
  #lastAt = Number.NEGATIVE_INFINITY;

  /** Whether a line may be written now; it then counts as written. */
  take(): boolean {
    const now = performance.now();
    if (now - this.#lastAt < SECOND_MS) return false;
    this.#lastAt = now;
    return true;
  }
}
