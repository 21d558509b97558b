import { ErrorCode, LatchkeyError } from '@latchkey/shared';

/** Where a piece of work waits. */
export interface QueuePlace {
  /** Each lane has a share of the work and of the places of its own. */
  readonly lane: 'known' | 'strangers';
  /** Whom the work is for, such as a username: nobody takes more than a part of a lane. */
  readonly owner: string;
}

export interface QueueLimits {
  /** How many pieces of work go on at once. */
  readonly concurrent: number;
  readonly waitingPerLane: number;
  /** In one lane. */
  readonly waitingPerOwner: number;
}

interface Waiting {
  readonly owner: string;
  readonly start: () => void;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * A bounded queue for work that costs much. While both lanes have work they take turns, so that a flood in one of them
 * takes half of the other's time at most, and none of its places.
 */
export class WorkQueue {
  /** The lane that is served next comes first. */
  readonly #lanes = new Map<QueuePlace['lane'], Waiting[]>([
    ['known', []],
    ['strangers', []],
  ]);
  #running = 0;

  constructor(private readonly limits: QueueLimits) {}

  /** @throws LatchkeyError RATE_LIMITED where the owner has too much waiting, UNAVAILABLE where the lane is full */
  async run<T>({ lane, owner }: QueuePlace, work: () => Promise<T>): Promise<T> {
    const waiting = this.#lanes.get(lane) ?? [];
    const own = waiting.filter((each) => each.owner === owner).length;
    if (own >= this.limits.waitingPerOwner) throw busy(ErrorCode.RATE_LIMITED);
    if (waiting.length >= this.limits.waitingPerLane) throw busy(ErrorCode.UNAVAILABLE);
    return new Promise((resolve, reject) => {
      const start = () => {
        void work()
          .then(resolve, reject)
          .finally(() => {
            this.#running--;
            this.#next();
          });
      };
      waiting.push({ owner, start });
      this.#next();
    });
  }

  #next(): void {
    if (this.#running >= this.limits.concurrent) return;
    for (const [lane, waiting] of this.#lanes) {
      const next = waiting.shift();
      if (next === undefined) continue;
      this.#lanes.delete(lane);
      this.#lanes.set(lane, waiting);
      this.#running++;
      next.start();
      return;
    }
  }
}

function busy(code: ErrorCode): LatchkeyError {
  return new LatchkeyError(code, 'Too many sign-ins are waiting. Try again in a few seconds.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
