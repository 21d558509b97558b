import { Column, Entity, PrimaryColumn } from 'typeorm';
import { IdColumn } from '../columns.js';

/** Usage events of one batch and one shard that are committed, and in no group yet. */
@Entity('usage_journal')
export class UsageJournalEntry {
  /** Which part of the tokens they are of. */
  @PrimaryColumn({ type: 'integer' })
  shard!: number;

  /** The lowest of its events' identifiers. */
  @IdColumn()
  id!: string;

  /** The events as a list in JSON, each as `JournaledEvent` has it. */
  @Column({ type: 'text' })
  events!: string;
}
