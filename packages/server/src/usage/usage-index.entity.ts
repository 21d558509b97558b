import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UseOutcome } from './usage-event.entity.js';

/**
 * Finds the events of one owner, a token or an account, newest first and by outcome. Filled in bulk, soon after. An entry
 * stands for one event or for several that follow each other: what is used often would else have a row here for each of
 * its uses, twice, and that costs more than the uses themselves. They are of one day (UTC) on SQLite, and of five seconds on
 * MySQL, where servers' batches commit in no order and entries may lie beside each other.
 */
@Entity('usage_index', { withoutRowid: true })
export class UsageIndexEntry {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  ownerId!: string;

  @PrimaryColumn({ type: 'varchar', length: 8 })
  outcome!: UseOutcome;

  /** The newest of its events. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  eventId!: string;

  @Column({ type: 'integer', default: 1 })
  eventCount!: number;

  /** The others, oldest first, with commas between them. */
  @Column({ type: 'text', nullable: true })
  earlierIds!: string | null;
}
