import { Column, Entity, Index } from 'typeorm';
import { IdColumn, ReferenceColumn, TextColumn } from '../columns.js';
import type { UseOutcome } from './usage-event.js';

/**
 * Uses of one token with one outcome that were made in the same seconds: one, or as many as a row holds well. A row with two
 * places in indexes for each use would cost several times what recording it does, and a page of uses would be read from as
 * many places. Rows are only ever added, about in the order of their key, and removed from its other end.
 */
@Entity('usage_groups', { withoutRowid: true })
@Index('usage_groups_by_token', ['accessTokenId', 'outcome', 'id', 'eventCount'])
@Index('usage_groups_by_account', ['accountId', 'outcome', 'id'])
export class UsageGroup {
  /** Of the newest of its uses. */
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  accessTokenId!: string;

  @ReferenceColumn()
  accountId!: string;

  @TextColumn(8)
  outcome!: UseOutcome;

  /** Of the oldest of its uses. */
  @ReferenceColumn()
  oldestId!: string;

  /** How many verifications its uses stand for. */
  @Column({ type: 'integer' })
  eventCount!: number;

  /** Its uses as a list in JSON, oldest first, each as `PackedEvent` has it. */
  @Column({ type: 'text' })
  events!: string;
}
