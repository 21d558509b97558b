import type { Log } from '../core/log.js';
import type { Database } from '../database/database.js';
import type { UsageEvent } from '../database/entities/usage-event.js';
import type { Events } from '../pubsub/events.js';
import { INSERT_ENTRY, journalRows } from './usage-journal.js';

/** Turns of the event loop, at most, for which a batch waits for more. */
const TURNS_WAITED = 16;

interface Batch {
  readonly events: UsageEvent[];
  readonly committed: Promise<void>;
}

/**
 * Writes uses, many to a commit. Whatever arrives while the previous batch is being written, and in the turns of the event
 * loop after it, shares a transaction and its sync to disk, and all who wait for it go on together.
 */
export class UsageRecorder {
  #open: Batch | undefined;
  #latest: Promise<void> = Promise.resolve();
  readonly #afterCommit: ((events: readonly UsageEvent[]) => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly log: Log,
  ) {}

  /** Calls `listener` with every batch once it is on disk. */
  onCommitted(listener: (events: readonly UsageEvent[]) => void): void {
    this.#afterCommit.push(listener);
  }

  /** Resolves once `event` is on disk; rejects where it could not be written. */
  record(event: UsageEvent): Promise<void> {
    this.#open ??= this.#begin();
    this.#open.events.push(event);
    return this.#open.committed;
  }

  /** Resolves once everything recorded so far is on disk or has failed. */
  async drain(): Promise<void> {
    await this.#latest.catch(() => undefined);
  }

  #begin(): Batch {
    const events: UsageEvent[] = [];
    const committed = this.#commitAfter(this.#latest, events);
    this.#latest = committed;
    return { events, committed };
  }

  /**
   * Who was answered with the batch before mostly asks again at once. A batch that did not wait for them would be half of what is
   * under way, and there would be twice as many commits.
   */
  async #commitAfter(previous: Promise<void>, events: UsageEvent[]): Promise<void> {
    await previous.catch(() => undefined);
    for (let turn = 0, count = 0; turn < TURNS_WAITED && events.length > count; turn++) {
      count = events.length;
      await new Promise(setImmediate);
    }
    await this.#write(events);
  }

  async #write(events: UsageEvent[]): Promise<void> {
    const close = () => {
      if (this.#open?.events === events) this.#open = undefined;
    };
    const takeRows = () => {
      close();
      return journalRows(events);
    };
    try {
      await this.database.insertBatch(INSERT_ENTRY, takeRows);
    } finally {
      close();
    }
    this.#announce(events);
  }

  #announce(events: readonly UsageEvent[]): void {
    try {
      for (const listener of this.#afterCommit) listener(events);
      for (const event of events) this.events.publish('usageRecorded', event);
    } catch (error) {
      this.log.error({ err: error }, 'A listener failed on recorded uses');
    }
  }
}
