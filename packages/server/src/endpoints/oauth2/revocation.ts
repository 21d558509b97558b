import { RemovalReason } from '../../database/entities/removal-reason.js';
import { Endpoint } from '../../database/entities/usage-event.js';
import { endpoint } from '../../http/endpoint.js';
import type { Handler } from '../../http/exchange.js';
import type { ResourceServerService } from '../../resource-servers/resource-server.service.js';
import type { SecretRevocationService } from '../../verification/secret-revocation.service.js';
import { tokenRequests } from './token-request.js';

export const REVOCATION_PATH = '/oauth2/revoke';

/** A resource server ends a token that it was sent (RFC 7009). An unknown one is answered as if it had been ended. */
export function revocation(
  revocations: SecretRevocationService,
  resourceServers: ResourceServerService,
): Handler {
  return endpoint({
    ...tokenRequests(resourceServers),
    async render({ response, caller }, { client, token }) {
      await revocations.revoke([token], {
        reason: RemovalReason.DELETED,
        note: `Revoked by the resource server ${client.name}.`,
        asked: {
          endpoint: Endpoint.INTROSPECTION,
          action: 'revoke',
          resource: client.name,
          ...caller,
        },
      });
      response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Length': 0 }).end();
    },
  });
}
