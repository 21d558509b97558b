import { Column, Entity } from 'typeorm';
import { IdColumn } from '../database/columns.js';

/** Uses of one batch that are committed, and not in the usage index and in the counters yet. MySQL's only. */
@Entity('usage_journal')
export class UsageJournalEntry {
  /** The lowest of its events' identifiers. */
  @IdColumn()
  id!: string;

  /** All of its events' identifiers, with commas between them. */
  @Column({ type: 'text' })
  eventIds!: string;
}
