import type { Server } from 'node:http';
import type { Config } from '../config.js';
import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { Handler } from '../http/handler.js';
import type { Services } from '../services.js';
import { AccountResolver } from './accounts/account.resolver.js';
import { Feeds } from './feeds.js';
import { errorFormatter } from './format-error.js';
import { NamespaceResolver } from './namespaces/namespace.resolver.js';
import { RegistryKeyResolver } from './registry/registry-key.resolver.js';
import { ResourceServerResolver } from './resource-servers/resource-server.resolver.js';
import { createSchema } from './schema/schema.js';
import { ServerInfoResolver } from './server-info.resolver.js';
import { SessionResolver } from './sessions/session.resolver.js';
import { AccessTokenResolver } from './tokens/access-token.resolver.js';
import { startApollo } from './transport/apollo.js';
import { CredentialReader } from './transport/credential-reader.js';
import { graphqlOverHttp } from './transport/http.js';
import { LiveSockets } from './transport/live-sockets.js';
import { graphqlOverWebSocket } from './transport/websocket.js';
import { UsageResolver } from './usage/usage.resolver.js';

export const GRAPHQL_PATH = '/graphql';

export interface Graphql {
  readonly handler: Handler;
  readonly sockets: LiveSockets;
  /** Takes sockets over from `server`; @returns what closes them. */
  attach(server: Server): () => Promise<void>;
}

/** One schema over the services, and its two transports. */
export async function createGraphql(
  services: Services,
  config: Config,
  clock: Clock,
  log: Log,
): Promise<Graphql> {
  const { accounts, events, verifier, listing, personalTokens, presence, rollup } = services;
  const { passwordChange, sessions, signIns, usage } = services;
  const schema = createSchema([
    new AccountResolver(accounts, passwordChange, listing, rollup, clock),
    new SessionResolver(accounts, sessions, signIns, listing, rollup, clock),
    new AccessTokenResolver(accounts, sessions, personalTokens, listing, rollup, clock),
    new UsageResolver(usage),
    new ServerInfoResolver(accounts, config),
    new NamespaceResolver(accounts, services.namespaces),
    new RegistryKeyResolver(accounts, services.signingKeys),
    new ResourceServerResolver(accounts, services.resourceServers),
  ]);
  const credentials = new CredentialReader(sessions, verifier);
  const feeds = new Feeds(events, usage);
  const sockets = new LiveSockets(listing, presence, clock, sessions, events);
  const formatError = errorFormatter(log);
  const apollo = await startApollo(schema, formatError, config);
  return {
    handler: graphqlOverHttp({ apollo, credentials, feeds, config }),
    sockets,
    attach: (server) =>
      graphqlOverWebSocket(server, GRAPHQL_PATH, {
        schema,
        credentials,
        feeds,
        sockets,
        formatError,
        log,
        config,
      }),
  };
}
