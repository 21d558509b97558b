import { Entity } from 'typeorm';
import { IdColumn, TimeColumn } from '../columns.js';

/** How large the usage log is. There is one row; a sum over all groups would read every page of them. */
@Entity('usage_log_size')
export class UsageLogSize {
  @IdColumn()
  id!: 'all';

  @TimeColumn()
  bytes!: number;
}
