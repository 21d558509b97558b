import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { MakeRateLimiter } from '../cluster/rate-limiter.js';
import { rateLimited } from '../cluster/throttle.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/clock.js';
import { networkOf, siteOf } from '../core/network.js';
import { digestOf } from '../crypto/secret.js';

/** Who tries to sign in, as far as throttling goes. */
export interface Attempt {
  /** Folded. */
  readonly username: string;
  readonly ipAddress: string;
  /** Names a device that has signed in to this account before, by what only that device has; undefined for any other. */
  readonly device: string | undefined;
  /** Whether this account has been signed in to from this network before. */
  readonly isKnownNetwork: boolean;
}

/** How many accounts' worth of failures one address may cause before all it sends is refused for a while. */
const ACCOUNTS_PER_ADDRESS = 10;
/** How many networks' worth of failures strangers at one IPv6 site may cause, whichever of its networks they come from. */
const NETWORKS_PER_SITE = 10;
/** How many addresses' worth of failures strangers may cause on one account. */
const STRANGERS_PER_ACCOUNT = 10;

/**
 * Counts failed sign-ins: of one account from one address, of one address and of one IPv6 site over all accounts, and of
 * one account from strange places together. The owner, on a device or in a network that has signed in before, never draws
 * on the last, so nobody can lock the owner out from elsewhere; a known device is counted by itself alone.
 */
export class SignInThrottle {
  readonly #pair: RateLimiterAbstract;
  readonly #address: RateLimiterAbstract;
  readonly #site: RateLimiterAbstract;
  readonly #strangers: RateLimiterAbstract;

  constructor(failures: number, makeLimiter: MakeRateLimiter) {
    const quarter = { durationSeconds: (15 * MINUTE_MS) / SECOND_MS };
    const ofAddress = failures * ACCOUNTS_PER_ADDRESS;
    this.#pair = makeLimiter({ name: 'pair', points: failures, ...quarter });
    this.#address = makeLimiter({ name: 'address', points: ofAddress, ...quarter });
    this.#site = makeLimiter({ name: 'site', points: ofAddress * NETWORKS_PER_SITE, ...quarter });
    this.#strangers = makeLimiter({
      name: 'strangers',
      points: failures * STRANGERS_PER_ACCOUNT,
      durationSeconds: HOUR_MS / SECOND_MS,
    });
  }

  /** @throws LatchkeyError RATE_LIMITED while one of the attempt's buckets is empty */
  async admit(attempt: Attempt): Promise<void> {
    const waits = await Promise.all(
      this.#buckets(attempt).map(async ([limiter, key]) => {
        const state = await limiter.get(key);
        return state !== null && state.consumedPoints >= limiter.points ? state.msBeforeNext : 0;
      }),
    );
    const waitMs = Math.max(...waits);
    if (waitMs > 0) throw rateLimited('Too many failed sign-ins.', waitMs);
  }

  /** Counts how an attempt ended. A success clears what the owner mistyped before; what others tried elsewhere stays. */
  async settle(attempt: Attempt, succeeded: boolean): Promise<void> {
    if (succeeded) await this.#pair.delete(pairKey(attempt));
    else await Promise.all(this.#buckets(attempt).map(([limiter, key]) => limiter.penalty(key)));
  }

  #buckets(attempt: Attempt): (readonly [RateLimiterAbstract, string])[] {
    const { username, ipAddress, device, isKnownNetwork } = attempt;
    const own = [this.#pair, pairKey(attempt)] as const;
    if (device !== undefined) return [own];
    const address = [this.#address, networkOf(ipAddress)] as const;
    if (isKnownNetwork) return [own, address];
    const site = siteOf(ipAddress);
    return [
      own,
      address,
      ...(site === undefined ? [] : [[this.#site, site] as const]),
      [this.#strangers, digestOf(username)],
    ];
  }
}

function pairKey({ username, ipAddress, device }: Attempt): string {
  return digestOf(`${username} ${device ?? networkOf(ipAddress)}`);
}
