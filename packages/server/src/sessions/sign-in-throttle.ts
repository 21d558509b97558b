import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { MakeRateLimiter } from '../cluster/rate-limiter.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/clock.js';
import { networkOf } from '../core/network.js';
import { rateLimited } from '../core/throttle.js';
import type { AttemptGate } from '../crypto/password.js';
import { digestOf } from '../crypto/secret.js';

/** Who tries to sign in, as far as throttling goes. */
export interface Attempt {
  /** Folded. */
  readonly username: string;
  readonly address: string;
  /** A device that has signed in to this account before; only its owner can name it. */
  readonly knownDeviceId: string | undefined;
  /** Whether the account has had a session from this address before. */
  readonly knownAddress: boolean;
}

/** How many accounts' worth of failures one address may cause before all it sends is refused for a while. */
const ACCOUNTS_PER_ADDRESS = 10;
/** How many addresses' worth of failures strangers may cause on one account. */
const STRANGERS_PER_ACCOUNT = 10;

/**
 * Counts failed sign-ins in three buckets: of one account from one address, of one address over all accounts, and of one
 * account from strange places together. The owner, on a device or at an address that has signed in before, never draws on
 * the third bucket, so nobody can lock the owner out from elsewhere.
 */
export class SignInThrottle {
  readonly #pair: RateLimiterAbstract;
  readonly #address: RateLimiterAbstract;
  readonly #strangers: RateLimiterAbstract;

  constructor(failures: number, makeLimiter: MakeRateLimiter) {
    const quarter = (15 * MINUTE_MS) / SECOND_MS;
    this.#pair = makeLimiter({ name: 'pair', points: failures, durationSeconds: quarter });
    this.#address = makeLimiter({
      name: 'address',
      points: failures * ACCOUNTS_PER_ADDRESS,
      durationSeconds: quarter,
    });
    this.#strangers = makeLimiter({
      name: 'strangers',
      points: failures * STRANGERS_PER_ACCOUNT,
      durationSeconds: HOUR_MS / SECOND_MS,
    });
  }

  /** Refuses an attempt with RATE_LIMITED while one of its buckets is empty, and counts how it ends. */
  gate(attempt: Attempt): AttemptGate {
    return {
      admit: () => this.#check(attempt),
      settle: (matches) => (matches ? this.#succeeded(attempt) : this.#failed(attempt)),
    };
  }

  async #check(attempt: Attempt): Promise<void> {
    let waitMs = 0;
    for (const [limiter, key] of this.#buckets(attempt)) {
      const state = await limiter.get(key);
      if (state !== null && state.consumedPoints >= limiter.points) {
        waitMs = Math.max(waitMs, state.msBeforeNext);
      }
    }
    if (waitMs > 0) throw rateLimited('Too many failed sign-ins.', waitMs);
  }

  async #failed(attempt: Attempt): Promise<void> {
    for (const [limiter, key] of this.#buckets(attempt)) await limiter.penalty(key);
  }

  /** A success clears what the owner mistyped before; what others tried elsewhere stays counted. */
  async #succeeded(attempt: Attempt): Promise<void> {
    await this.#pair.delete(pairKey(attempt));
  }

  #buckets(attempt: Attempt): (readonly [RateLimiterAbstract, string])[] {
    const known = attempt.knownAddress || attempt.knownDeviceId !== undefined;
    return [
      [this.#pair, pairKey(attempt)],
      ...(attempt.knownDeviceId === undefined
        ? ([[this.#address, networkOf(attempt.address)]] as const)
        : []),
      ...(known ? [] : ([[this.#strangers, digestOf(attempt.username)]] as const)),
    ];
  }
}

function pairKey({ username, address, knownDeviceId }: Attempt): string {
  return digestOf(`${username} ${knownDeviceId ?? networkOf(address)}`);
}
