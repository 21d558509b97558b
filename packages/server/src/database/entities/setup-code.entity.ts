import { Entity, PrimaryColumn } from 'typeorm';

/** A code by which the first account may be made: one for each start of a server until then. */
@Entity('setup_codes')
export class SetupCode {
  @PrimaryColumn({ type: 'varchar', length: 43 })
  digest!: string;
}
