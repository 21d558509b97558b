import { fromScopeSet } from '@latchkey/shared';
import type { Config } from '../../config.js';
import { SECOND_MS } from '../../core/clock.js';
import { Endpoint } from '../../database/entities/usage-event.js';
import { endpoint } from '../../http/endpoint.js';
import { type Handler, sendJson } from '../../http/exchange.js';
import { publicUrl } from '../../http/public-url.js';
import type { ResourceServerService } from '../../resource-servers/resource-server.service.js';
import type { AccessVerifier } from '../../verification/access-verifier.js';
import type { TokenHolder } from '../../verification/decision.js';
import { tokenRequests } from './token-request.js';

export const INTROSPECTION_PATH = '/oauth2/introspect';

/**
 * The endpoint of APIs that are sent a token and ask what it is worth (RFC 7662). Whatever is not good is `active: false` and
 * nothing more: the reason is the owner's. Nothing may be cached, or a removed token would go on working.
 */
export function introspection(
  verifier: AccessVerifier,
  resourceServers: ResourceServerService,
  config: Pick<Config, 'publicUrl'>,
): Handler {
  return endpoint({
    ...tokenRequests(resourceServers),
    async render({ request, response, caller }, { client, token }) {
      const decision = await verifier.verify(token, {
        endpoint: Endpoint.INTROSPECTION,
        scopes: 0,
        action: 'introspect',
        resource: client.name,
        ...caller,
      });
      const answer = decision.allowed
        ? describe(decision.holder, publicUrl(config, request))
        : { active: false };
      sendJson(response, 200, answer);
    },
  });
}

function describe(holder: TokenHolder, issuer: string): object {
  return {
    active: true,
    scope: fromScopeSet(holder.permissions).join(' '),
    username: holder.username,
    sub: holder.accountId,
    jti: holder.accessTokenId,
    iss: issuer,
    token_type: 'Bearer',
    ...(holder.endsAt !== null && { exp: Math.floor(holder.endsAt / SECOND_MS) }),
  };
}
