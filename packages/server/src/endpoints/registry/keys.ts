import { endpoint, nothing } from '../../http/endpoint.js';
import type { Handler } from '../../http/exchange.js';
import type { SigningKeyService } from '../../registry/signing-key.service.js';

/** A registry reads its file once at start; a script that fetches these may come as often as it likes. */
const CACHE = 'public, max-age=60';

/** The public keys as a JSON Web Key Set, for registries of the 3.x line (`auth.token.jwks`). */
export function registryKeySet(keys: SigningKeyService): Handler {
  return published('application/jwk-set+json', async () => JSON.stringify(await keys.jwks()));
}

/** The certificates in PEM, for registries of the 2.x line (`auth.token.rootcertbundle`). */
export function registryCertificate(keys: SigningKeyService): Handler {
  return published('application/x-pem-file', () => keys.certificates());
}

function published(contentType: string, bodyOf: () => Promise<string>): Handler {
  return endpoint({
    methods: ['GET', 'HEAD'],
    read: nothing,
    authenticate: nothing,
    async render({ response }) {
      const body = await bodyOf();
      response.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': CACHE }).end(body);
    },
  });
}
