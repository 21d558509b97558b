import { Scope } from '@latchkey/shared';
import { registerEnumType } from 'type-graphql';
import { AccessTokenKind } from '../../database/entities/access-token.entity.js';
import { AccountRole } from '../../database/entities/account.entity.js';
import { RemovalReason } from '../../database/entities/removal-reason.js';
import { ClientKind } from '../../database/entities/session.entity.js';
import { Endpoint, UseOutcome } from '../../database/entities/usage-event.js';
import { AccessTokenChangeKind } from '../../pubsub/events.js';
import { SigningKeyStatus } from '../../registry/signing-key.service.js';
import { AccessTokenStatus } from '../../tokens/access-token-status.js';
import { AccessTokenOrder } from '../../tokens/token-listing.service.js';

/** Gives every enumeration of the domain its name in the schema. */
const ENUMERATIONS: Readonly<Record<string, object>> = {
  AccessTokenChangeKind,
  AccessTokenKind,
  AccessTokenOrder,
  AccessTokenStatus,
  AccountRole,
  ClientKind,
  Endpoint,
  RegistryKeyStatus: SigningKeyStatus,
  RemovalReason,
  Scope,
  UseOutcome,
};

for (const [name, values] of Object.entries(ENUMERATIONS)) registerEnumType(values, { name });
