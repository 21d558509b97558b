import { Scope } from '@latchkey/shared';
import { registerEnumType } from 'type-graphql';
import { AccountRole } from '../accounts/account.entity.js';
import { AccessTokenChangeKind } from '../pubsub/events.js';
import { ClientKind } from '../sessions/session.entity.js';
import { AccessTokenKind } from '../tokens/access-token.entity.js';
import { AccessTokenStatus } from '../tokens/access-token-status.js';
import { RemovalReason } from '../tokens/removal-reason.js';
import { AccessTokenOrder } from '../tokens/token-listing.service.js';
import { Door, UseOutcome } from '../usage/usage-event.js';

/** Gives every enumeration of the domain its name in the schema. */
const ENUMERATIONS: Readonly<Record<string, object>> = {
  AccessTokenChangeKind,
  AccessTokenKind,
  AccessTokenOrder,
  AccessTokenStatus,
  AccountRole,
  ClientKind,
  Door,
  RemovalReason,
  Scope,
  UseOutcome,
};

for (const [name, values] of Object.entries(ENUMERATIONS)) registerEnumType(values, { name });
