import type { Handler } from '../http/handler.js';
import type { ResourceServerService } from '../resource-servers/resource-server.service.js';
import type { SecretRevocationService } from '../revocation/secret-revocation.service.js';
import { RemovalReason } from '../tokens/removal-reason.js';
import { readTokenRequest } from './token-request.js';

export const REVOCATION_PATH = '/oauth2/revoke';

/** A resource server ends a token that it was sent (RFC 7009). An unknown one is answered as if it had been ended. */
export function revocation(
  revocations: SecretRevocationService,
  resourceServers: ResourceServerService,
): Handler {
  return async (request, response) => {
    const asked = await readTokenRequest(resourceServers, request, response);
    if (asked === undefined) return;
    const { client, token } = asked;
    const note = `Revoked by the resource server ${client.name}.`;
    await revocations.revoke([token], { reason: RemovalReason.DELETED, note });
    response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Length': 0 }).end();
  };
}
