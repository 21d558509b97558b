import type { Config } from './config.js';
import type { Clock } from './core/clock.js';
import type { Database } from './database/database.js';
import { externalAuthorization, FORWARD_AUTH_PATH, forwardAuth } from './endpoints/forward-auth.js';
import { healthz, readyz } from './endpoints/health.js';
import { LEAKED_SECRETS_PATH, leakedSecrets } from './endpoints/leaked-secrets.js';
import { type Metrics, metricsPage, watchCertificates } from './endpoints/metrics.js';
import { INTROSPECTION_PATH, introspection } from './endpoints/oauth2/introspection.js';
import { REVOCATION_PATH, revocation } from './endpoints/oauth2/revocation.js';
import { serverMetadata } from './endpoints/oauth2/server-metadata.js';
import { CONSOLE_PATHS, consolePage, explorerPage, redirectTo } from './endpoints/pages.js';
import { registryCertificate, registryKeySet } from './endpoints/registry/keys.js';
import { REPOSITORIES_PATH, repositories } from './endpoints/registry/repositories.js';
import { REGISTRY_TOKEN_PATH, registryToken } from './endpoints/registry/token.js';
import { WHOAMI_PATH, whoami } from './endpoints/whoami.js';
import { GRAPHQL_PATH } from './graphql/graphql.js';
import type { Handler } from './http/exchange.js';
import { type HostCheck, withHostCheck } from './http/host-check.js';
import type { Routes } from './http/listener.js';
import { needsSetting } from './http/needs-setting.js';
import { Catalog } from './registry/catalog.js';
import { RegistryTokenService } from './registry/registry-token.service.js';
import type { Services } from './services.js';

const KEY_SET_PATH = '/registry/jwks.json';
const CERTIFICATE_PATH = '/registry/certificate.pem';

/** What the endpoints are made of. */
interface Parts {
  readonly config: Config;
  readonly services: Services;
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly graphql: Handler;
  readonly isStopping: () => boolean;
  readonly isOwnHost: HostCheck;
}

/** Every path that the server answers; one that ends in a slash stands for all below it. */
export async function createRoutes(parts: Parts): Promise<Routes> {
  const { config, services, database, metrics, isStopping, isOwnHost } = parts;
  const { verifier, resourceServers, revocations, reportThrottle } = services;
  // What browsers come to. Programs ask the others, by whatever name they have for this server.
  const forPages = (handler: Handler) => withHostCheck(isOwnHost, handler);
  const console = forPages(consolePage());
  return {
    [FORWARD_AUTH_PATH]: forwardAuth(verifier),
    [`${FORWARD_AUTH_PATH}/`]: externalAuthorization(verifier),
    [GRAPHQL_PATH]: forPages(parts.graphql),
    [INTROSPECTION_PATH]: introspection(verifier, resourceServers, config),
    [REVOCATION_PATH]: revocation(revocations, resourceServers),
    '/.well-known/oauth-authorization-server': serverMetadata(config),
    [WHOAMI_PATH]: whoami(verifier, database.sql),
    [LEAKED_SECRETS_PATH]: leakedSecrets(revocations, reportThrottle),
    ...(await registryRoutes(parts)),
    '/healthz': healthz,
    '/readyz': readyz(database, isStopping),
    '/metrics': metricsPage(metrics),
    ...Object.fromEntries(CONSOLE_PATHS.map((path) => [path, console])),
    '/explorer': forPages(redirectTo('/explorer/')),
    '/explorer/': config.explorer
      ? forPages(explorerPage())
      : needsSetting('LATCHKEY_EXPLORER=true', 'GraphiQL is off in production.'),
  };
}

async function registryRoutes({ config, services, clock, metrics }: Parts): Promise<Routes> {
  const { verifier, namespaces, signingKeys } = services;
  const { registry } = config;
  if (registry === undefined) return registryIsOff();
  await signingKeys.ensure();
  watchCertificates(metrics, signingKeys);
  const tokens = new RegistryTokenService(signingKeys, clock, registry);
  return {
    [REGISTRY_TOKEN_PATH]: registryToken(verifier, tokens, registry.service),
    [KEY_SET_PATH]: registryKeySet(signingKeys),
    [CERTIFICATE_PATH]: registryCertificate(signingKeys),
    [REPOSITORIES_PATH]:
      registry.url === undefined
        ? needsSetting('LATCHKEY_REGISTRY_URL', 'This server does not know where its registry is.')
        : repositories(verifier, namespaces, new Catalog(registry.url, tokens)),
  };
}

/** A registry's operator asks these first; "nothing at this address" would not say what is missing. */
function registryIsOff(): Routes {
  const off = needsSetting(
    'LATCHKEY_REGISTRY_SERVICE',
    'This server issues no tokens for a Docker registry.',
  );
  const paths = [REGISTRY_TOKEN_PATH, KEY_SET_PATH, CERTIFICATE_PATH, REPOSITORIES_PATH];
  return Object.fromEntries(paths.map((path) => [path, off]));
}
