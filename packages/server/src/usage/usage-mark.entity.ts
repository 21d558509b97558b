import { Entity } from 'typeorm';
import { IdColumn, ReferenceColumn } from '../database/columns.js';

/** How far a part of the roll-up has come: everything up to and with `eventId` is in it. */
@Entity('usage_marks')
export class UsageMark {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  eventId!: string;
}
