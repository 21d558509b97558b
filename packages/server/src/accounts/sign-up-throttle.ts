import type { MakeRateLimiter } from '../cluster/rate-limiter.js';
import { Throttle } from '../cluster/throttle.js';
import { HOUR_MS, SECOND_MS } from '../core/clock.js';
import { networkOf } from '../core/network.js';

/** How many networks' worth of sign-ups a server takes in all: who holds many networks gets no further than these. */
const NETWORKS_IN_ALL = 20;
const IN_ALL = 'all';

/** Bounds sign-ups, by network and in all. */
export class SignUpThrottle {
  readonly #ofNetwork: Throttle;
  readonly #inAll: Throttle;

  constructor(signUpsPerHour: number, makeLimiter: MakeRateLimiter) {
    const hourly = { durationSeconds: HOUR_MS / SECOND_MS };
    this.#ofNetwork = new Throttle(
      makeLimiter({ name: 'sign-ups', points: signUpsPerHour, ...hourly }),
      'Too many sign-ups from this network.',
    );
    this.#inAll = new Throttle(
      makeLimiter({ name: 'all-sign-ups', points: signUpsPerHour * NETWORKS_IN_ALL, ...hourly }),
      'Too many sign-ups on this server.',
    );
  }

  /**
   * Counts a sign-up from `ipAddress` and does it; it does not count where the database takes no writes.
   * @throws LatchkeyError RATE_LIMITED, or whatever `signUp` throws
   */
  async count<T>(ipAddress: string, signUp: () => Promise<T>): Promise<T> {
    // Looked at first, so that one network after another leaves nothing behind once all are refused.
    await this.#inAll.check(IN_ALL);
    return this.#ofNetwork.count(networkOf(ipAddress), () => this.#inAll.count(IN_ALL, signUp));
  }
}
