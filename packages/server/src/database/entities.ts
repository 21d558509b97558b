import { Account } from '../accounts/account.entity.js';
import { Namespace } from '../namespaces/namespace.entity.js';
import { SigningKey } from '../registry/signing-key.entity.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { Session } from '../sessions/session.entity.js';
import { AccessToken } from '../tokens/access-token.entity.js';
import { AccessTokenSecret } from '../tokens/access-token-secret.entity.js';
import { UsageGroup } from '../usage/usage-group.entity.js';
import { UsageJournalEntry } from '../usage/usage-journal.entity.js';
import { UsageMark } from '../usage/usage-mark.entity.js';
import { Lease } from './lease.entity.js';
import { Lock } from './lock.entity.js';

/** Every table; the composition of the schema is known here and nowhere else. */
export const entities = [
  Account,
  Session,
  AccessToken,
  AccessTokenSecret,
  UsageGroup,
  UsageMark,
  UsageJournalEntry,
  Lock,
  Lease,
  Namespace,
  SigningKey,
  ResourceServer,
];
