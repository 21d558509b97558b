import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { AccountResolver } from '../accounts/account.resolver.js';
import { resolveInTurn } from '../limits/turns.js';
import { authChecker } from './auth-checker.js';
import { DateTime } from './date-time.js';
import './enums.type.js';
import { NamespaceResolver } from '../namespaces/namespace.resolver.js';
import { RegistryKeyResolver } from '../registry/registry-key.resolver.js';
import { ResourceServerResolver } from '../resource-servers/resource-server.resolver.js';
import { ServerInfoResolver } from '../server-info.resolver.js';
import { SessionResolver } from '../sessions/session.resolver.js';
import { AccessTokenResolver } from '../tokens/access-token.resolver.js';
import { UsageResolver } from '../usage/usage.resolver.js';

const RESOLVERS = [
  AccountResolver,
  SessionResolver,
  AccessTokenResolver,
  UsageResolver,
  ServerInfoResolver,
  NamespaceResolver,
  RegistryKeyResolver,
  ResourceServerResolver,
] as const;

/** One of each; the schema calls these and nothing else. */
export type Resolvers = readonly InstanceType<(typeof RESOLVERS)[number]>[];

/**
 * The schema over `resolvers`; without any it can be printed but not asked.
 * Reading decorators has no effect before this is called.
 */
export function createSchema(resolvers: Resolvers = []): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: RESOLVERS as unknown as NonEmptyArray<(typeof RESOLVERS)[number]>,
    container: { get: (wanted) => resolvers.find((resolver) => resolver instanceof wanted) },
    authChecker,
    scalarsMap: [{ type: Date, scalar: DateTime }],
    // Inputs are checked by the services' own rules, and streams come from `Feeds`.
    validate: false,
    pubSub: { publish: unused, subscribe: unused },
  });
  resolveInTurn(schema);
  return schema;
}

function unused(): never {
  throw new Error('Subscriptions are fed by Feeds, not by topics.');
}
