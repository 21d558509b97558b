import type { ScopeSet } from '@latchkey/shared';
import { Column, Entity, Index } from 'typeorm';
import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '../columns.js';
import type { RemovalReason } from './removal-reason.js';

export const AccessTokenKind = {
  PERSONAL: 'PERSONAL',
  SESSION: 'SESSION',
  ORGANIZATION: 'ORGANIZATION',
} as const;
export type AccessTokenKind = (typeof AccessTokenKind)[keyof typeof AccessTokenKind];

/** A token, or, once `removedAt` is set, its tombstone. Its secrets are rows of their own. */
@Entity('access_tokens')
@Index('access_tokens_by_account', ['accountId', 'createdAt', 'id'])
@Index('access_tokens_live', ['accountId', 'removedAt', 'kind', 'createdAt'])
@Index('access_tokens_by_session', ['sessionId'])
@Index('access_tokens_by_removal', ['removedAt'])
export class AccessToken {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  accountId!: string;

  @TextColumn(12)
  kind!: AccessTokenKind;

  @TextColumn(100)
  description!: string;

  /** The description as it is searched and sorted: alike on every engine. */
  @TextColumn(200)
  descriptionFolded!: string;

  /** The current secret's prefix and last four characters. */
  @TextColumn(12)
  hint!: string;

  @Column({ type: 'int' })
  scopes!: ScopeSet;

  @Column({ type: 'boolean' })
  active!: boolean;

  @TimeColumn({ nullable: true })
  expiresAt!: number | null;

  @TimeColumn()
  createdAt!: number;

  /** The session that minted it: a session token lives no longer than that. */
  @ReferenceColumn({ nullable: true })
  sessionId!: string | null;

  @TimeColumn({ nullable: true })
  lastUsedAt!: number | null;

  @TextColumn(45, { nullable: true })
  lastUsedFrom!: string | null;

  @TimeColumn({ default: 0 })
  useCount!: number;

  @TimeColumn({ nullable: true })
  removedAt!: number | null;

  @TextColumn(20, { nullable: true })
  removalReason!: RemovalReason | null;

  /** What happened, for a person: by whom, from which device. */
  @TextColumn(250, { nullable: true })
  removalNote!: string | null;
}
