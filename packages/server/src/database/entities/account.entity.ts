import type { ScopeSet } from '@latchkey/shared';
import { Column, Entity, Index } from 'typeorm';
import { IdColumn, TextColumn, TimeColumn } from '../columns.js';

export const AccountRole = { ADMINISTRATOR: 'ADMINISTRATOR', MEMBER: 'MEMBER' } as const;
export type AccountRole = (typeof AccountRole)[keyof typeof AccountRole];

/** Somebody who signs in with a password. */
@Entity('accounts')
@Index('accounts_by_username', ['username'], { unique: true })
export class Account {
  @IdColumn()
  id!: string;

  /** Lower case: usernames are compared case-folded. */
  @TextColumn(39)
  username!: string;

  @TextColumn(254)
  email!: string;

  /** Argon2id in its encoded form, salt and figures included. */
  @TextColumn(200)
  passwordHash!: string;

  @TextColumn(16)
  role!: AccountRole;

  /** What the account may do now; a token's scopes are cut to it at every use. */
  @Column({ type: 'int' })
  permissions!: ScopeSet;

  @TimeColumn()
  createdAt!: number;
}
