import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { type Account, AccountRole } from '../database/entities/account.entity.js';

/** @throws LatchkeyError FORBIDDEN unless the account is an administrator's */
export function requireAdministrator({ role }: Account): void {
  if (role === AccountRole.ADMINISTRATOR) return;
  throw new LatchkeyError(ErrorCode.FORBIDDEN, 'Only an administrator can do this.');
}
