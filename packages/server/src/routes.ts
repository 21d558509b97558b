import { Gauge } from 'prom-client';
import type { Config } from './config.js';
import type { Clock } from './core/clock.js';
import type { Database } from './database/database.js';
import { LEAKED_SECRETS_PATH, leakedSecrets } from './endpoints/leaked-secrets.js';
import type { Metrics } from './endpoints/metrics.js';
import { INTROSPECTION_PATH, introspection } from './endpoints/oauth2/introspection.js';
import { REVOCATION_PATH, revocation } from './endpoints/oauth2/revocation.js';
import { serverMetadata } from './endpoints/oauth2/server-metadata.js';
import { registryCertificate, registryKeySet } from './endpoints/registry/keys.js';
import { REPOSITORIES_PATH, repositories } from './endpoints/registry/repositories.js';
import { REGISTRY_TOKEN_PATH, registryToken } from './endpoints/registry/token.js';
import { WHOAMI_PATH, whoami } from './endpoints/whoami.js';
import type { Routes } from './http/listener.js';
import { needsSetting } from './http/needs-setting.js';
import { Catalog } from './registry/catalog.js';
import { RegistryTokenService } from './registry/registry-token.service.js';
import type { SigningKeyService } from './registry/signing-key.service.js';
import type { Services } from './services.js';

const KEY_SET_PATH = '/registry/jwks.json';
const CERTIFICATE_PATH = '/registry/certificate.pem';

/** Every endpoint but GraphQL's and the proxies', by its path. */
export async function endpointRoutes(
  services: Services,
  database: Pick<Database, 'sql'>,
  config: Config,
  clock: Clock,
  metrics: Metrics,
): Promise<Routes> {
  const { verifier, resourceServers, revocations, reportThrottle } = services;
  return {
    [INTROSPECTION_PATH]: introspection(verifier, resourceServers, config),
    [REVOCATION_PATH]: revocation(revocations, resourceServers, config),
    '/.well-known/oauth-authorization-server': serverMetadata(config),
    [WHOAMI_PATH]: whoami(verifier, database.sql, config),
    [LEAKED_SECRETS_PATH]: leakedSecrets(revocations, reportThrottle, config),
    ...(await registryRoutes(services, config, clock, metrics)),
  };
}

async function registryRoutes(
  { verifier, namespaces, signingKeys }: Services,
  { registry, trustedProxies }: Config,
  clock: Clock,
  metrics: Metrics,
): Promise<Routes> {
  if (registry === undefined) return registryIsOff();
  await signingKeys.ensure();
  watchCertificates(metrics, signingKeys);
  const tokens = new RegistryTokenService(signingKeys, clock, registry);
  return {
    [REGISTRY_TOKEN_PATH]: registryToken({
      verifier,
      tokens,
      service: registry.service,
      trustedProxies,
    }),
    [KEY_SET_PATH]: registryKeySet(signingKeys),
    [CERTIFICATE_PATH]: registryCertificate(signingKeys),
    [REPOSITORIES_PATH]:
      registry.url === undefined
        ? needsSetting('LATCHKEY_REGISTRY_URL', 'This server does not know where its registry is.')
        : repositories({
            verifier,
            namespaces,
            catalog: new Catalog(registry.url, tokens),
            trustedProxies,
          }),
  };
}

/** Whoever configures a registry asks these first; "nothing at this address" would not say what is missing. */
function registryIsOff(): Routes {
  const off = needsSetting(
    'LATCHKEY_REGISTRY_SERVICE',
    'This server issues no tokens for a Docker registry.',
  );
  const paths = [REGISTRY_TOKEN_PATH, KEY_SET_PATH, CERTIFICATE_PATH, REPOSITORIES_PATH];
  return Object.fromEntries(paths.map((path) => [path, off]));
}

function watchCertificates(metrics: Metrics, keys: SigningKeyService): void {
  new Gauge({
    name: 'latchkey_registry_certificate_expiry_seconds',
    help: 'When the certificates that registries trust expire, in seconds since 1970, by key',
    labelNames: ['kid'],
    registers: [metrics.registry],
    async collect() {
      // While the database is away the other metrics matter most, and these were true a moment ago.
      const published = await keys.published().catch(() => undefined);
      if (published === undefined) return;
      this.reset();
      for (const { kid, certificateExpiresAt } of published) {
        this.set({ kid }, certificateExpiresAt / 1000);
      }
    },
  });
}
