import type { Clock } from './clock.js';

/**
 * A clock that never goes back: where the one that it reads does, it stands still until that one has caught up. What has
 * expired stays expired.
 */
export class SteadyClock implements Clock {
  #latestMs: number;

  /** @param latestMs the latest time that is known to have been, in UTC milliseconds. */
  constructor(
    private readonly source: Clock,
    latestMs: number,
  ) {
    this.#latestMs = latestMs;
  }

  now(): number {
    this.raise(this.source.now());
    return this.#latestMs;
  }

  /** Learns of a time that has been: another server's. */
  raise(timeMs: number): void {
    if (timeMs > this.#latestMs) this.#latestMs = timeMs;
  }

  /** How far the clock that it reads is behind, in milliseconds; 0 where it is right. */
  behindMs(): number {
    return this.now() - this.source.now();
  }
}
