import { Entity, Index, PrimaryColumn } from 'typeorm';
import { ReferenceColumn, TimeColumn } from '../columns.js';

/** A device or a network that an account has signed in from. */
@Entity('known_clients')
@Index('known_clients_by_account', ['accountId'])
@Index('known_clients_by_sign_in', ['lastSignInAt'])
export class KnownClient {
  /** Of the username together with the device's key or with the network. */
  @PrimaryColumn({ type: 'varchar', length: 43 })
  digest!: string;

  @ReferenceColumn()
  accountId!: string;

  @TimeColumn()
  lastSignInAt!: number;
}
