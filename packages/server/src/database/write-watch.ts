import { SECOND_MS } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { WriteHealth } from './write-health.js';

/** How often the log is told of what lasts. */
const TELL_EVERY_MS = 30 * SECOND_MS;

/** Tells the log why nothing can be written and since when it can again, and tries meanwhile. */
export class WriteWatch {
  #told: string | undefined;
  #toldAt = 0;

  constructor(
    private readonly writes: WriteHealth,
    private readonly log: Log,
  ) {}

  /** To do again and again. */
  async look(): Promise<void> {
    const { failure } = this.writes;
    if (failure === undefined) return this.#healed();
    if (failure !== this.#told || performance.now() - this.#toldAt > TELL_EVERY_MS) {
      this.log.error(`${failure} Nothing can be changed or verified until it can be written.`);
      this.#told = failure;
      this.#toldAt = performance.now();
    }
    await this.writes.retry();
    if (this.writes.failure === undefined) this.#healed();
  }

  #healed(): void {
    if (this.#told === undefined) return;
    this.log.info('The database can be written again');
    this.#told = undefined;
  }
}
