import type { Database } from '../database/database.js';
import type { Log } from '../log.js';
import type { Events } from '../pubsub/events.js';
import type { UsageEvent } from './usage-event.js';
import { INSERT_ENTRY, journalRows } from './usage-journal.js';

interface Batch {
  readonly events: UsageEvent[];
  readonly committed: Promise<void>;
}

/**
 * Writes uses, many to a commit. Whatever arrives in one turn of the event loop, or while the previous batch is being
 * written, shares a transaction and its sync to disk, and all who wait for it go on together.
 */
export class UsageRecorder {
  #open: Batch | undefined;
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
    await this.#open?.committed.catch(() => undefined);
  }

  #begin(): Batch {
    const events: UsageEvent[] = [];
    return { events, committed: new Promise(setImmediate).then(() => this.#write(events)) };
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
