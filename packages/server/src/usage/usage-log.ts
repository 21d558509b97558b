import type { ErrorCode } from '@latchkey/shared';
import { LRUCache } from 'lru-cache';
import { type Clock, MINUTE_MS, SECOND_MS } from '../core/clock.js';
import type { MakeId } from '../core/ids.js';
import type { UsageEvent } from '../database/entities/usage-event.js';
import type { UsageRecorder } from './usage-recorder.js';
import { keptTexts } from './usage-texts.js';

/** Refusals of one token with one error code that are recorded in full in a minute of the clock. */
const REFUSALS_A_MINUTE = 10;
/** How often the counts of the others are written: a crash loses no more than what was counted since. */
export const COUNTS_PAUSE_MS = 10 * SECOND_MS;
/** Tokens and codes whose rate is known. Who was refused least recently is forgotten first, and begins anew. */
const RATES_KEPT = 100_000;
/** Tokens and codes that are counted at once. Their counts are written when they become so many. */
const COUNTS_KEPT = 4096;

/** A verification, as an endpoint describes it. */
export type Use = Pick<UsageEvent, 'accessTokenId' | 'accountId' | 'outcome' | 'endpoint'> & {
  readonly reason: string | null;
  readonly action?: string | null | undefined;
  readonly resource?: string | null | undefined;
  readonly ipAddress: string | null;
  readonly userAgent?: string | undefined;
};

interface Rate {
  readonly minute: number;
  refusals: number;
}

/** Refusals beyond the rate: the first of them, and how many came after it. */
interface Counted {
  readonly first: Omit<UsageEvent, 'id'>;
  more: number;
  lastAt: number;
}

/**
 * Takes usage events. A client with a secret that no longer works could fill the disk with refusals, so beyond a rate they
 * are only counted, in memory, and each count is written as one event now and then.
 */
export class UsageLog {
  readonly #rates = new LRUCache<string, Rate>({ max: RATES_KEPT });
  #counted = new Map<string, Counted>();

  constructor(
    private readonly recorder: UsageRecorder,
    private readonly clock: Clock,
    private readonly makeId: MakeId,
  ) {}

  /** Resolves once the event is on disk; rejects if it could not be written. */
  record(use: Use): Promise<void> {
    return this.recorder.record({ id: this.makeId(), ...this.#described(use) });
  }

  /** The same for a refusal with `code`. Beyond the rate it is counted, and resolves at once. */
  async recordRefusal(use: Use, code: ErrorCode): Promise<void> {
    // Not by its text, in which a caller's own words may stand: those would be another reason each time.
    const key = `${use.accessTokenId} ${code}`;
    if (this.#isWithinRate(key)) await this.record(use);
    else this.#count(key, use);
  }

  /**
   * Writes what was counted so far.
   * @throws whatever kept a count from being written; it goes on being counted then
   */
  async writeCounts(): Promise<void> {
    const counted = this.#counted;
    this.#counted = new Map();
    await Promise.all([...counted].map(([key, count]) => this.#write(key, count)));
  }

  #isWithinRate(key: string): boolean {
    const minute = Math.floor(this.clock.now() / MINUTE_MS);
    let rate = this.#rates.get(key);
    if (rate?.minute !== minute) {
      rate = { minute, refusals: 0 };
      this.#rates.set(key, rate);
    }
    rate.refusals++;
    return rate.refusals <= REFUSALS_A_MINUTE;
  }

  #count(key: string, use: Use): void {
    const counted = this.#counted.get(key);
    if (counted !== undefined) {
      counted.more++;
      counted.lastAt = this.clock.now();
      return;
    }
    // The database is away: there is an end to what memory holds.
    if (this.#counted.size === COUNTS_KEPT) return;
    const first = this.#described(use);
    this.#counted.set(key, { first, more: 0, lastAt: first.occurredAt });
    // What fails is counted further, and tried again after the pause.
    if (this.#counted.size === COUNTS_KEPT) this.writeCounts().catch(() => undefined);
  }

  async #write(key: string, counted: Counted): Promise<void> {
    const { first, more, lastAt } = counted;
    const repeats = more > 0 && { repeats: { count: more, until: lastAt } };
    try {
      await this.recorder.record({ id: this.makeId(), ...first, ...repeats });
    } catch (error) {
      this.#putBack(key, counted);
      throw error;
    }
  }

  #putBack(key: string, { first, more, lastAt }: Counted): void {
    const since = this.#counted.get(key);
    if (since === undefined && this.#counted.size === COUNTS_KEPT) return;
    this.#counted.set(key, {
      first,
      more: more + (since === undefined ? 0 : since.more + 1),
      lastAt: Math.max(lastAt, since?.lastAt ?? 0),
    });
  }

  #described(use: Use): Omit<UsageEvent, 'id'> {
    const { accessTokenId, accountId, outcome, endpoint } = use;
    const occurredAt = this.clock.now();
    return { accessTokenId, accountId, occurredAt, outcome, endpoint, ...keptTexts(use) };
  }
}
