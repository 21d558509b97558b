import type { Redis } from 'ioredis';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
} from 'rate-limiter-flexible';

interface RateLimit {
  readonly name: string;
  readonly points: number;
  readonly durationSeconds: number;
}

export type MakeRateLimiter = (limit: RateLimit) => RateLimiterAbstract;

/** Counts in this process. */
export const inMemory: MakeRateLimiter = ({ points, durationSeconds: duration }) =>
  new RateLimiterMemory({ points, duration });

/** Counts in Redis for all servers; while Redis is away, each counts for itself, from nothing. */
export function overRedis(client: Redis, prefix: string): MakeRateLimiter {
  return (limit) =>
    new RateLimiterRedis({
      storeClient: client,
      keyPrefix: `${prefix} ${limit.name}`,
      points: limit.points,
      duration: limit.durationSeconds,
      rejectIfRedisNotReady: true,
      insuranceLimiter: inMemory(limit),
    });
}
