import { AccessToken } from './access-token.entity.js';
import { AccessTokenSecret } from './access-token-secret.entity.js';
import { Account } from './account.entity.js';
import { ClockMark } from './clock-mark.entity.js';
import { KnownClient } from './known-client.entity.js';
import { Lease } from './lease.entity.js';
import { Lock } from './lock.entity.js';
import { Namespace } from './namespace.entity.js';
import { ResourceServer } from './resource-server.entity.js';
import { Session } from './session.entity.js';
import { SetupCode } from './setup-code.entity.js';
import { SigningKey } from './signing-key.entity.js';
import { UsageGroup } from './usage-group.entity.js';
import { UsageJournalEntry } from './usage-journal.entity.js';
import { UsageLogSize } from './usage-log-size.entity.js';

/** Every table; the composition of the schema is known here and nowhere else. */
export const entities = [
  Account,
  Session,
  AccessToken,
  AccessTokenSecret,
  UsageGroup,
  UsageJournalEntry,
  UsageLogSize,
  Lock,
  KnownClient,
  SetupCode,
  Lease,
  ClockMark,
  Namespace,
  SigningKey,
  ResourceServer,
];
