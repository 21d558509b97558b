/** Why a token was removed or a session ended. */
export const RemovalReason = {
  DELETED: 'DELETED',
  PRUNED: 'PRUNED',
  REPLACED: 'REPLACED',
  SIGNED_OUT: 'SIGNED_OUT',
  SESSION_EXPIRED: 'SESSION_EXPIRED',
  SESSION_REVOKED: 'SESSION_REVOKED',
  ROTATED: 'ROTATED',
  REPORTED_LEAKED: 'REPORTED_LEAKED',
  ACCOUNT_DISABLED: 'ACCOUNT_DISABLED',
} as const;
export type RemovalReason = (typeof RemovalReason)[keyof typeof RemovalReason];
