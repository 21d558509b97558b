import type { Clock } from '../core/clock.js';
import type { MakeId } from '../core/ids.js';
import type { ClientKind, Session } from '../database/entities/session.entity.js';
import type { Device } from './device.js';
import { liveUntil, type SessionLifetimes } from './session-clock.js';

/** What a session keeps of the sign-in that opened it. */
export interface NewSession {
  readonly client: ClientKind;
  readonly device: Device | undefined;
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}

/** As many characters as the column holds. */
const USER_AGENT_KEPT = 256;

/** Makes the rows of sessions that begin now. */
export class NewSessions {
  constructor(
    private readonly clock: Clock,
    private readonly makeId: MakeId,
    private readonly lifetimes: SessionLifetimes,
  ) {}

  make(accountId: string, input: NewSession, secretDigest: string): Session {
    const now = this.clock.now();
    const expiresAt = now + this.lifetimes.sessionMaxMs;
    return {
      id: this.makeId(),
      accountId,
      secretDigest,
      client: input.client,
      deviceId: input.device?.id ?? null,
      deviceName: input.device?.name ?? null,
      devicePlatform: input.device?.platform ?? null,
      deviceAppVersion: input.device?.appVersion ?? null,
      ipAddress: input.ipAddress,
      userAgent: input.userAgent?.slice(0, USER_AGENT_KEPT) ?? null,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      liveUntil: liveUntil(now, expiresAt, this.lifetimes),
      endedAt: null,
      endReason: null,
    };
  }
}
