import type { Config } from '../../config.js';
import { RemovalReason } from '../../database/entities/removal-reason.js';
import { Endpoint } from '../../database/entities/usage-event.js';
import { callerOf } from '../../http/caller.js';
import type { Handler } from '../../http/handler.js';
import type { ResourceServerService } from '../../resource-servers/resource-server.service.js';
import type { SecretRevocationService } from '../../verification/secret-revocation.service.js';
import { readTokenRequest } from './token-request.js';

export const REVOCATION_PATH = '/oauth2/revoke';

/** A resource server ends a token that it was sent (RFC 7009). An unknown one is answered as if it had been ended. */
export function revocation(
  revocations: SecretRevocationService,
  resourceServers: ResourceServerService,
  { trustedProxies }: Pick<Config, 'trustedProxies'>,
): Handler {
  return async (request, response) => {
    const asked = await readTokenRequest(resourceServers, request, response);
    if (asked === undefined) return;
    const { client, token } = asked;
    await revocations.revoke([token], {
      reason: RemovalReason.DELETED,
      note: `Revoked by the resource server ${client.name}.`,
      asked: {
        endpoint: Endpoint.INTROSPECTION,
        action: 'revoke',
        resource: client.name,
        ...callerOf(request, trustedProxies),
      },
    });
    response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Length': 0 }).end();
  };
}
