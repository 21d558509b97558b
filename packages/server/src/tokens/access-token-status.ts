import type { AccessToken } from '../database/entities/access-token.entity.js';

/** Where a token stands now. */
export const AccessTokenStatus = {
  ACTIVE: 'ACTIVE',
  INACTIVE: 'INACTIVE',
  EXPIRED: 'EXPIRED',
  REMOVED: 'REMOVED',
} as const;
export type AccessTokenStatus = (typeof AccessTokenStatus)[keyof typeof AccessTokenStatus];

/** The status of `token` at `now`, in UTC milliseconds. */
export function statusOf(
  token: Pick<AccessToken, 'removedAt' | 'expiresAt' | 'active'>,
  now: number,
): AccessTokenStatus {
  if (token.removedAt !== null) return AccessTokenStatus.REMOVED;
  if (token.expiresAt !== null && token.expiresAt <= now) return AccessTokenStatus.EXPIRED;
  return token.active ? AccessTokenStatus.ACTIVE : AccessTokenStatus.INACTIVE;
}
