import { ALL_SCOPES } from '@latchkey/shared';
import type { Config } from '../../config.js';
import { endpoint, nothing } from '../../http/endpoint.js';
import { type Handler, sendJson } from '../../http/exchange.js';
import { publicUrl } from '../../http/public-url.js';
import { CLIENT_AUTHENTICATION } from './client-authentication.js';
import { INTROSPECTION_PATH } from './introspection.js';
import { REVOCATION_PATH } from './revocation.js';

/** Where OAuth's clients find the other endpoints (RFC 8414). It grants no tokens, so it names no way to get one. */
export function serverMetadata(config: Pick<Config, 'publicUrl'>): Handler {
  return endpoint({
    methods: ['GET', 'HEAD'],
    read: nothing,
    authenticate: nothing,
    render({ request, response }) {
      const issuer = publicUrl(config, request);
      sendJson(response, 200, {
        issuer,
        introspection_endpoint: `${issuer}${INTROSPECTION_PATH}`,
        introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        revocation_endpoint: `${issuer}${REVOCATION_PATH}`,
        revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        scopes_supported: ALL_SCOPES,
        response_types_supported: [],
        grant_types_supported: [],
      });
    },
  });
}
