import { Entity, PrimaryColumn } from 'typeorm';
import { TextColumn, TimeColumn } from '../columns.js';

/** What one server has to itself until `expiresAt`, by the database's clock. */
@Entity('leases')
export class Lease {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  name!: string;

  @TextColumn(36)
  holder!: string;

  @TimeColumn()
  expiresAt!: number;
}
