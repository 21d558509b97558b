import { Entity, PrimaryColumn } from 'typeorm';
import { ReferenceColumn, TimeColumn } from '../columns.js';

/** How far time has come for this database; one row. */
@Entity('clock_marks')
export class ClockMark {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  name!: string;

  @TimeColumn()
  latestMs!: number;

  /** Usage events up to and with this one say nothing of the time: a clock that was ahead dated them. */
  @ReferenceColumn()
  afterEventId!: string;
}
