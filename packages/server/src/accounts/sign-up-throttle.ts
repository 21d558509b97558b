import type { MakeRateLimiter } from '../cluster/rate-limiter.js';
import { HOUR_MS, SECOND_MS } from '../core/clock.js';
import { networkOf } from '../core/network.js';
import { Throttle } from '../core/throttle.js';

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
   * Counts a sign-up from `ipAddress`.
   * @throws LatchkeyError RATE_LIMITED
   */
  async take(ipAddress: string): Promise<void> {
    // Looked at first, so that one network after another leaves nothing behind once all are refused.
    await this.#inAll.check(IN_ALL);
    await this.#ofNetwork.take(networkOf(ipAddress));
    await this.#inAll.take(IN_ALL);
  }
}
