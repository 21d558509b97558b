import type { Handler } from '../../http/handler.js';
import { allowMethods } from '../../http/methods.js';
import type { SigningKeyService } from '../../registry/signing-key.service.js';

/** A registry reads its file once at start; a script that fetches these may come as often as it likes. */
const CACHE = 'public, max-age=60';

/** The public keys as a JSON Web Key Set, for registries of the 3.x line (`auth.token.jwks`). */
export function registryKeySet(keys: SigningKeyService): Handler {
  return async (request, response) => {
    if (!allowMethods(request, response, 'GET', 'HEAD')) return;
    const body = JSON.stringify(await keys.jwks());
    response.writeHead(200, { 'Content-Type': 'application/jwk-set+json', 'Cache-Control': CACHE });
    response.end(body);
  };
}

/** The certificates in PEM, for registries of the 2.x line (`auth.token.rootcertbundle`). */
export function registryCertificate(keys: SigningKeyService): Handler {
  return async (request, response) => {
    if (!allowMethods(request, response, 'GET', 'HEAD')) return;
    const body = await keys.certificates();
    response.writeHead(200, { 'Content-Type': 'application/x-pem-file', 'Cache-Control': CACHE });
    response.end(body);
  };
}
