import { Entity, PrimaryColumn } from 'typeorm';
import { TimeColumn } from '../columns.js';

/**
 * What a transaction holds by writing to it: an account, by its identifier, or the right to
 * sign somebody up or to make a signing key.
 */
@Entity('locks')
export class Lock {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  name!: string;

  /** How often it was held. */
  @TimeColumn()
  holds!: number;
}
