import { Gauge } from 'prom-client';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { Routes } from './http/listener.js';
import type { Metrics } from './metrics.js';
import { RegistryTokenService } from './registry/registry-token.service.js';
import type { SigningKeyService } from './registry/signing-key.service.js';
import type { Services } from './services.js';
import { registryCertificate, registryKeySet } from './verification/registry-keys.js';
import { REGISTRY_TOKEN_PATH, registryToken } from './verification/registry-token.js';

/** Every door but GraphQL's and the proxies', by its path. */
export async function doorRoutes(
  services: Services,
  config: Config,
  clock: Clock,
  metrics: Metrics,
): Promise<Routes> {
  return {
    ...(await registryRoutes(services, config, clock, metrics)),
  };
}

async function registryRoutes(
  { judge, signingKeys }: Services,
  { registry, trustedProxies }: Config,
  clock: Clock,
  metrics: Metrics,
): Promise<Routes> {
  if (registry === undefined) return {};
  await signingKeys.ensure();
  watchCertificates(metrics, signingKeys);
  const tokens = new RegistryTokenService(signingKeys, clock, registry);
  return {
    [REGISTRY_TOKEN_PATH]: registryToken({
      judge,
      tokens,
      service: registry.service,
      trustedProxies,
    }),
    '/registry/jwks.json': registryKeySet(signingKeys),
    '/registry/certificate.pem': registryCertificate(signingKeys),
  };
}

function watchCertificates(metrics: Metrics, keys: SigningKeyService): void {
  new Gauge({
    name: 'latchkey_registry_certificate_expiry_seconds',
    help: 'When the certificates that registries trust expire, in seconds since 1970, by key',
    labelNames: ['kid'],
    registers: [metrics.registry],
    async collect() {
      this.reset();
      for (const { kid, certificateExpiresAt } of await keys.published()) {
        this.set({ kid }, certificateExpiresAt / 1000);
      }
    },
  });
}
