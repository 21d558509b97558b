import { MINUTE_MS } from './clock.js';
import type { Log } from './log.js';

/** Runs tasks again and again, each after a pause that begins when it is done. */
export class Background {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  /** When the log was told of the tasks that fail now. */
  readonly #toldAt = new Map<string, number>();
  #stopped = false;

  constructor(private readonly log: Log) {}

  every(
    pauseMs: number,
    name: string,
    task: () => Promise<void> | void,
    firstPauseMs = pauseMs,
  ): void {
    if (this.#stopped) return;
    const run = async () => {
      try {
        await task();
        this.#toldAt.delete(name);
      } catch (error) {
        this.#tell(name, error);
      }
    };
    const timer = setTimeout(() => {
      const running = run().finally(() => {
        this.#running.delete(running);
        this.every(pauseMs, name, task);
      });
      this.#running.add(running);
    }, firstPauseMs);
    this.#timers.set(name, timer);
  }

  /** What fails every second would fill the log, and perhaps the disk. */
  #tell(task: string, error: unknown): void {
    const now = performance.now();
    if (now - (this.#toldAt.get(task) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return;
    this.#toldAt.set(task, now);
    this.log.error({ err: error, task }, 'A background task failed; it runs again');
  }

  /** Starts nothing more; resolves once what runs is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running);
  }
}
