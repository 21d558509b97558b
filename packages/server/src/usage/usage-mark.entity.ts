import { Entity } from 'typeorm';
import { IdColumn, ReferenceColumn } from '../database/columns.js';

/** How far a shard of the roll-up has come: everything of its owners up to and with `eventId` is in it. SQLite's only. */
@Entity('usage_marks')
export class UsageMark {
  /** The shard: the last character of its owners' identifiers. */
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  eventId!: string;
}
