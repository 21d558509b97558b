import { Entity } from 'typeorm';
import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '../database/columns.js';

export const UseOutcome = { ALLOWED: 'ALLOWED', REFUSED: 'REFUSED' } as const;
export type UseOutcome = (typeof UseOutcome)[keyof typeof UseOutcome];

/** The protocol by which a secret arrived. */
export const Door = {
  FORWARD_AUTH: 'FORWARD_AUTH',
  INTROSPECTION: 'INTROSPECTION',
  REGISTRY: 'REGISTRY',
  GRAPHQL: 'GRAPHQL',
  REST: 'REST',
} as const;
export type Door = (typeof Door)[keyof typeof Door];

/**
 * One verification of one secret. The table is only ever appended to, in the order of its key, and has no other index:
 * that is what makes a committed row for every use affordable. `UsageIndexEntry` is how its rows are found.
 */
@Entity('usage_events', { withoutRowid: true })
export class UsageEvent {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  accessTokenId!: string;

  @ReferenceColumn()
  accountId!: string;

  @TimeColumn()
  occurredAt!: number;

  @TextColumn(8)
  outcome!: UseOutcome;

  /** Why it was refused, for a person; null where it was allowed. */
  @TextColumn(250, { nullable: true })
  reason!: string | null;

  @TextColumn(16)
  door!: Door;

  /** What was tried, such as `GET` or `pull`. */
  @TextColumn(32, { nullable: true })
  action!: string | null;

  /** What it was tried on, such as a path. */
  @TextColumn(256, { nullable: true })
  resource!: string | null;

  @TextColumn(45, { nullable: true })
  ipAddress!: string | null;

  @TextColumn(256, { nullable: true })
  userAgent!: string | null;
}
