import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import { SECOND_MS } from './clock.js';

/** Lets everybody do something so many times in a while, and tells whoever does it more often when to come again. */
export class Throttle {
  /** @param refusal begins what whoever comes too often is told, as in `Too many sign-ups from your network.` */
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
