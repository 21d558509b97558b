import type { Log } from './log.js';

/** Runs tasks again and again, each after a pause that begins when it is done. */
export class Background {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
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
      } catch (error) {
        this.log.error({ err: error, task: name }, 'A background task failed; it runs again');
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

  /** Starts nothing more; resolves once what runs is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running);
  }
}
