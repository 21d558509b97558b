import { Entity, Index } from 'typeorm';
import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '../columns.js';

/** An API that asks about the tokens that it is sent, by introspection, and may revoke them. */
@Entity('resource_servers')
@Index('resource_servers_by_name', ['name'], { unique: true })
@Index('resource_servers_by_secret', ['secretDigest'], { unique: true })
export class ResourceServer {
  @IdColumn()
  id!: string;

  /** What it calls itself when it asks: OAuth's client identifier. */
  @TextColumn(39)
  name!: string;

  @TextColumn(43)
  secretDigest!: string;

  @TimeColumn()
  createdAt!: number;

  @ReferenceColumn()
  createdById!: string;

  /** When its secret was ended; null while it is good. */
  @TimeColumn({ nullable: true })
  revokedAt!: number | null;

  @TextColumn(250, { nullable: true })
  revocationNote!: string | null;
}
