import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { SECOND_MS } from '../core/clock.js';
import { isUndone } from '../database/database-errors.js';

/** Allows something so many times in a while, and tells a caller that comes more often when to try again. */
export class Throttle {
  /** @param refusal begins the refusal, as in `Too many sign-ups from your network.` */
  constructor(
    private readonly limiter: RateLimiterAbstract,
    private readonly refusal: string,
  ) {}

  /**
   * Counts nothing.
   * @throws LatchkeyError RATE_LIMITED where one more would be too many
   */
  async check(key: string): Promise<void> {
    const state = await this.limiter.get(key);
    if (state === null || state.consumedPoints < this.limiter.points) return;
    throw rateLimited(this.refusal, state.msBeforeNext);
  }

  /**
   * Counts one more.
   * @param key who or what it is counted for.
   * @throws LatchkeyError RATE_LIMITED
   */
  async take(key: string): Promise<void> {
    try {
      await this.limiter.consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw rateLimited(this.refusal, error.msBeforeNext);
    }
  }

  /**
   * Counts one more and does it. It does not count where the database was away or took no writes, so that nothing was done.
   * @throws LatchkeyError RATE_LIMITED, or whatever `work` throws
   */
  async count<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.take(key);
    try {
      return await work();
    } catch (error) {
      // What cannot be given back is free again once its time has passed.
      if (isUndone(error)) await this.limiter.reward(key).catch(() => undefined);
      throw error;
    }
  }
}

/** RATE_LIMITED, with the time to wait in words and in seconds. */
export function rateLimited(refusal: string, waitMs: number): LatchkeyError {
  const retryAfterSeconds = Math.ceil(waitMs / SECOND_MS);
  const minutes = Math.ceil(retryAfterSeconds / 60);
  return new LatchkeyError(
    ErrorCode.RATE_LIMITED,
    `${refusal} Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    { retryAfterSeconds },
  );
}
