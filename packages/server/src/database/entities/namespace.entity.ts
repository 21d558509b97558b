import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ReferenceColumn, TimeColumn } from '../columns.js';

/** What an account said of the namespace that bears its name. Without a row it is private. */
@Entity('namespaces')
export class Namespace {
  /** The username of its owner: the first part of every name in it, as in `alice/app`. */
  @PrimaryColumn({ type: 'varchar', length: 39 })
  name!: string;

  @ReferenceColumn()
  ownerId!: string;

  /** Anybody may read what is in it, without a token. */
  @Column({ type: 'boolean' })
  isPublic!: boolean;

  @TimeColumn()
  changedAt!: number;
}
