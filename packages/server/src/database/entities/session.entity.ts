import { Entity, Index } from 'typeorm';
import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '../columns.js';
import type { RemovalReason } from './removal-reason.js';

/** Which program signed in: a `DESKTOP` sign-in mints a session token, the others do not. */
export const ClientKind = { DESKTOP: 'DESKTOP', BROWSER: 'BROWSER', API: 'API' } as const;
export type ClientKind = (typeof ClientKind)[keyof typeof ClientKind];

/** One sign-in on one device. */
@Entity('sessions')
@Index('sessions_by_secret', ['secretDigest'], { unique: true })
@Index('sessions_by_account', ['accountId', 'createdAt'])
@Index('sessions_by_device', ['accountId', 'deviceId', 'endedAt'])
@Index('sessions_by_end', ['liveUntil'])
@Index('sessions_by_ended', ['endedAt'])
export class Session {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  accountId!: string;

  @TextColumn(43)
  secretDigest!: string;

  @TextColumn(8)
  client!: ClientKind;

  @TextColumn(64, { nullable: true })
  deviceId!: string | null;

  @TextColumn(100, { nullable: true })
  deviceName!: string | null;

  @TextColumn(100, { nullable: true })
  devicePlatform!: string | null;

  @TextColumn(100, { nullable: true })
  deviceAppVersion!: string | null;

  @TextColumn(45)
  ipAddress!: string;

  @TextColumn(256, { nullable: true })
  userAgent!: string | null;

  @TimeColumn()
  createdAt!: number;

  @TimeColumn()
  lastSeenAt!: number;

  /** The absolute end, set at the sign-in. */
  @TimeColumn()
  expiresAt!: number;

  /** The earlier of the idle and the absolute end; null once the session is over. */
  @TimeColumn({ nullable: true })
  liveUntil!: number | null;

  @TimeColumn({ nullable: true })
  endedAt!: number | null;

  @TextColumn(20, { nullable: true })
  endReason!: RemovalReason | null;
}
