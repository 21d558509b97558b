import { Entity } from 'typeorm';
import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '../database/columns.js';

/** An API that asks about the tokens that it is sent, by introspection, and may revoke them. */
@Entity('resource_servers')
export class ResourceServer {
  @IdColumn()
  id!: string;

  /** What it calls itself when it asks: OAuth's client identifier. */
  @TextColumn(39, { unique: true })
  name!: string;

  @TextColumn(43, { unique: true })
  secretDigest!: string;

  @TimeColumn()
  createdAt!: number;

  @ReferenceColumn()
  createdById!: string;
}
