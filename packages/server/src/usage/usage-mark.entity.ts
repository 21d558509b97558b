import { Entity } from 'typeorm';
import { IdColumn, ReferenceColumn } from '../database/columns.js';

/** How far the usage index and the tokens' counters have come: everything up to and with `eventId` is in them. */
@Entity('usage_marks')
export class UsageMark {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  eventId!: string;
}
