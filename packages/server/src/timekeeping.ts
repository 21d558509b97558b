import { type Clock, DAY_MS, MINUTE_MS, SECOND_MS } from './core/clock.js';
import type { Log } from './core/log.js';
import { StartError } from './core/start-error.js';
import { SteadyClock } from './core/steady-clock.js';
import type { Database } from './database/database.js';
import { ClockMark } from './usage/clock-mark.js';

export const EXCHANGE_PAUSE_MS = 5 * SECOND_MS;
/** A clock that is further behind is not waited for: either it is wrong now, or it was far ahead before. */
const TOLERANCE_MS = DAY_MS;
/** Records are not removed by a time that came by a leap until it has stood for so long. */
const DOUBT_MS = 10 * MINUTE_MS;
/** Clocks are put right by less every day. */
const WORTH_A_LINE_MS = 5 * SECOND_MS;

/**
 * Keeps a database's time from going back, so that a clock which is set back revives nothing: the server goes by the later one
 * of its clock and the latest time that the database has seen.
 */
export class Timekeeping {
  #wasBehind = false;
  #lookedAt: number;
  #thenMs: number;
  #doubtEndsAt = Number.NEGATIVE_INFINITY;

  private constructor(
    readonly clock: SteadyClock,
    private readonly mark: ClockMark,
    private readonly log: Log,
  ) {
    this.#lookedAt = performance.now();
    this.#thenMs = clock.now();
  }

  /** @throws StartError where `source` is too far behind the database. */
  static async start(database: Database, source: Clock, log: Log): Promise<Timekeeping> {
    const mark = new ClockMark(database);
    const latestMs = await mark.latestMs();
    const clock = new SteadyClock(source, latestMs);
    if (clock.behindMs() > TOLERANCE_MS) {
      throw new StartError(
        `The clock says ${inWords(source.now())}, but the database has seen ${inWords(latestMs)} already. Set the clock right. Where it is right, and was ahead before, run: npm run accept-clock`,
      );
    }
    return new Timekeeping(clock, mark, log);
  }

  /**
   * Exchanges the latest time with the database. To do every so often: of several servers, whichever comes first when what is
   * written is old enough writes it for all.
   */
  async exchange(): Promise<void> {
    const writtenMs = await this.mark.writtenMs();
    this.clock.raise(writtenMs);
    if (this.clock.now() - writtenMs >= EXCHANGE_PAUSE_MS) await this.writeDown();
    const behindMs = this.clock.behindMs();
    const isBehind = behindMs > WORTH_A_LINE_MS;
    if (isBehind && !this.#wasBehind) {
      this.log.error(
        { behindSeconds: Math.round(behindMs / SECOND_MS) },
        'The clock is behind a time that the database has seen: time stands still until it has caught up',
      );
    }
    if (!isBehind && this.#wasBehind) this.log.info('The clock has caught up');
    this.#wasBehind = isBehind;
  }

  /** For who comes next. */
  async writeDown(): Promise<void> {
    await this.mark.raise(this.clock.now());
  }

  /**
   * Whether what is past its retention may be removed by this time, since that cannot be undone: not where the clock has just
   * leapt ahead by more than a day, and not while it is back behind such a leap. To be asked before each removal.
   */
  mayRemove(): boolean {
    const at = performance.now();
    const nowMs = this.clock.now();
    const leaptMs = nowMs - this.#thenMs - (at - this.#lookedAt);
    this.#lookedAt = at;
    this.#thenMs = nowMs;
    if (leaptMs > TOLERANCE_MS) {
      this.#doubtEndsAt = at + DOUBT_MS;
      this.log.error(
        { aheadSeconds: Math.round(leaptMs / SECOND_MS) },
        'The clock leapt ahead: what has expired by it is refused, and nothing is removed for ten minutes',
      );
    }
    return at >= this.#doubtEndsAt && this.clock.behindMs() <= TOLERANCE_MS;
  }
}

function inWords(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
