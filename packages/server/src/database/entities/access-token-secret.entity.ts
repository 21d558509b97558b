import { Entity, Index, PrimaryColumn } from 'typeorm';
import { ReferenceColumn, TimeColumn } from '../columns.js';

/** One secret of a token, by its digest: the current one, and those that a rotation replaced. */
@Entity('access_token_secrets', { withoutRowid: true })
@Index('access_token_secrets_by_token', ['accessTokenId'])
export class AccessTokenSecret {
  @PrimaryColumn({ type: 'varchar', length: 43 })
  digest!: string;

  @ReferenceColumn()
  accessTokenId!: string;

  @TimeColumn()
  createdAt!: number;

  /** The end of a rotation's overlap; null for the current secret. */
  @TimeColumn({ nullable: true })
  validUntil!: number | null;
}
