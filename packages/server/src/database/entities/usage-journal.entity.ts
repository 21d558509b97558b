import { Column, Entity } from 'typeorm';
import { IdColumn } from '../columns.js';

/** Uses of one batch that are committed, and in no group yet. */
@Entity('usage_journal')
export class UsageJournalEntry {
  /** The lowest of its events' identifiers. */
  @IdColumn()
  id!: string;

  /** The events, each as a `UsageEvent`, as a list in JSON. */
  @Column({ type: 'text' })
  events!: string;
}
