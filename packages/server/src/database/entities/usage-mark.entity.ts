import { Entity } from 'typeorm';
import { IdColumn, ReferenceColumn } from '../columns.js';

/** How far a shard of the roll-up has come: every use of its tokens up to and with `eventId` is in its group. SQLite's only. */
@Entity('usage_marks')
export class UsageMark {
  /** The shard: the last character of its tokens' identifiers. */
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  eventId!: string;
}
