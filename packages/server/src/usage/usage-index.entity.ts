import { Entity, PrimaryColumn } from 'typeorm';
import type { UseOutcome } from './usage-event.entity.js';

/** Finds the events of one owner, a token or an account, newest first and by outcome. Filled in bulk, soon after. */
@Entity('usage_index', { withoutRowid: true })
export class UsageIndexEntry {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  ownerId!: string;

  @PrimaryColumn({ type: 'varchar', length: 8 })
  outcome!: UseOutcome;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  eventId!: string;
}
