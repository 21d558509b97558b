import type { AccountService } from '../accounts/account.service.js';
import type { Config } from '../config.js';
import type { Clock } from '../core/clock.js';
import type { Log } from '../core/log.js';
import type { Handler } from '../http/exchange.js';
import type { HostCheck } from '../http/host-check.js';
import type { Listener } from '../http/listener.js';
import type { NamespaceService } from '../namespaces/namespace.service.js';
import type { Events } from '../pubsub/events.js';
import type { SigningKeyService } from '../registry/signing-key.service.js';
import type { ResourceServerService } from '../resource-servers/resource-server.service.js';
import type { PasswordChangeService } from '../sessions/password-change.service.js';
import type { SessionService } from '../sessions/session.service.js';
import type { SessionEndingService } from '../sessions/session-ending.service.js';
import type { SessionPresence } from '../sessions/session-presence.js';
import type { SessionTokenRenewalService } from '../sessions/session-token-renewal.service.js';
import type { SignInService } from '../sessions/sign-in.service.js';
import type { PersonalTokenService } from '../tokens/personal-token.service.js';
import type { TokenListingService } from '../tokens/token-listing.service.js';
import type { UsageService } from '../usage/usage.service.js';
import type { AccessVerifier } from '../verification/access-verifier.js';
import { AccountResolver } from './accounts/account.resolver.js';
import { Feeds } from './feeds.js';
import { errorFormatter } from './format-error.js';
import { operationCheck } from './limits/operation-check.js';
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
  /** Takes sockets over from `listener`; @returns what closes them. */
  attach(listener: Listener, isOwnHost: HostCheck): () => Promise<void>;
}

/** What the resolvers and the transports ask. */
interface GraphqlServices {
  readonly accounts: AccountService;
  readonly endings: SessionEndingService;
  readonly events: Events;
  readonly listing: TokenListingService;
  readonly namespaces: NamespaceService;
  readonly passwordChange: PasswordChangeService;
  readonly personalTokens: PersonalTokenService;
  readonly presence: SessionPresence;
  readonly resourceServers: ResourceServerService;
  readonly sessions: SessionService;
  readonly signIns: SignInService;
  readonly signingKeys: SigningKeyService;
  readonly tokenRenewal: SessionTokenRenewalService;
  readonly usage: UsageService;
  readonly verifier: AccessVerifier;
}

/** One schema over the services, and its two transports. */
export async function createGraphql(
  services: GraphqlServices,
  config: Config,
  clock: Clock,
  log: Log,
): Promise<Graphql> {
  const { accounts, events, verifier, listing, personalTokens, presence } = services;
  const { endings, passwordChange, sessions, signIns, tokenRenewal, usage } = services;
  const schema = createSchema([
    new AccountResolver(accounts, passwordChange, listing, clock),
    new SessionResolver(accounts, sessions, endings, tokenRenewal, signIns, listing, clock),
    new AccessTokenResolver(accounts, sessions, personalTokens, listing, clock),
    new UsageResolver(usage),
    new ServerInfoResolver(accounts, config),
    new NamespaceResolver(accounts, services.namespaces),
    new RegistryKeyResolver(accounts, services.signingKeys),
    new ResourceServerResolver(accounts, services.resourceServers),
  ]);
  const credentials = new CredentialReader(sessions, verifier, accounts);
  const feeds = new Feeds(events, usage);
  const sockets = new LiveSockets(listing, presence, clock, sessions, endings, events);
  const formatError = errorFormatter(log);
  const check = operationCheck(schema, config.introspection);
  const apollo = await startApollo(schema, check, formatError);
  return {
    handler: graphqlOverHttp({ apollo, credentials, feeds, config }),
    sockets,
    attach: (listener, isOwnHost) =>
      graphqlOverWebSocket(listener, GRAPHQL_PATH, {
        isOwnHost,
        schema,
        check,
        credentials,
        feeds,
        sockets,
        formatError,
        log,
        config,
      }),
  };
}
