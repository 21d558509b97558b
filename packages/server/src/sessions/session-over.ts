import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { RemovalReason } from '../database/entities/removal-reason.js';
import type { Session } from '../database/entities/session.entity.js';

const HOW_IT_ENDED: Partial<Record<RemovalReason, string>> = {
  SESSION_REVOKED: 'This session was ended from another device.',
  REPLACED: 'This session was replaced by a new sign-in on the same device.',
  SIGNED_OUT: 'This session is signed out.',
  REPORTED_LEAKED: 'This session was ended because its secret was reported as leaked.',
};

/** SESSION_EXPIRED, and how the session ended; null where it is forgotten. */
export function sessionOver(session: Session | null): LatchkeyError {
  const how = HOW_IT_ENDED[session?.endReason ?? RemovalReason.SESSION_EXPIRED];
  return new LatchkeyError(
    ErrorCode.SESSION_EXPIRED,
    `${how ?? 'This session has expired.'} Sign in again.`,
  );
}
