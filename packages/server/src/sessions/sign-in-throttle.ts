import { isIPv6 } from 'node:net';
import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.js';
import type { AttemptGate } from '../crypto/password.js';

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
  readonly #pair: RateLimiterMemory;
  readonly #address: RateLimiterMemory;
  readonly #strangers: RateLimiterMemory;

  constructor(failures: number) {
    const quarter = (15 * MINUTE_MS) / SECOND_MS;
    this.#pair = new RateLimiterMemory({ points: failures, duration: quarter });
    this.#address = new RateLimiterMemory({
      points: failures * ACCOUNTS_PER_ADDRESS,
      duration: quarter,
    });
    this.#strangers = new RateLimiterMemory({
      points: failures * STRANGERS_PER_ACCOUNT,
      duration: HOUR_MS / SECOND_MS,
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
    if (waitMs > 0) throw rateLimited(Math.ceil(waitMs / SECOND_MS));
  }

  async #failed(attempt: Attempt): Promise<void> {
    for (const [limiter, key] of this.#buckets(attempt)) await limiter.penalty(key);
  }

  /** A success clears what the owner mistyped before; what others tried elsewhere stays counted. */
  async #succeeded(attempt: Attempt): Promise<void> {
    await this.#pair.delete(pairKey(attempt));
  }

  #buckets(attempt: Attempt): (readonly [RateLimiterMemory, string])[] {
    const known = attempt.knownAddress || attempt.knownDeviceId !== undefined;
    return [
      [this.#pair, pairKey(attempt)],
      ...(attempt.knownDeviceId === undefined
        ? ([[this.#address, networkOf(attempt.address)]] as const)
        : []),
      ...(known ? [] : ([[this.#strangers, attempt.username]] as const)),
    ];
  }
}

function pairKey({ username, address, knownDeviceId }: Attempt): string {
  return `${username} ${knownDeviceId ?? networkOf(address)}`;
}

/** An IPv6 subscriber holds a /64, so that is what counts as one address. */
function networkOf(address: string): string {
  return isIPv6(address) ? address.split(':').slice(0, 4).join(':') : address;
}

function rateLimited(retryAfterSeconds: number): LatchkeyError {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  return new LatchkeyError(
    ErrorCode.RATE_LIMITED,
    `Too many failed sign-ins. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    { retryAfterSeconds },
  );
}
