import { readForm, sendInvalidRequest } from '../http/form.js';
import type { Handler } from '../http/handler.js';
import { allowMethods } from '../http/methods.js';
import type { ResourceServerService } from '../resource-servers/resource-server.service.js';
import type { SecretRevocationService } from '../revocation/secret-revocation.service.js';
import { RemovalReason } from '../tokens/removal-reason.js';
import { authenticateClient } from './client-credentials.js';

export const REVOCATION_PATH = '/oauth2/revoke';

/** A resource server ends a token that it was sent (RFC 7009). An unknown one is answered as if it had been ended. */
export function revocation(
  revocations: SecretRevocationService,
  resourceServers: ResourceServerService,
): Handler {
  return async (request, response) => {
    if (!allowMethods(request, response, 'POST')) return;
    const form = await readForm(request, response);
    if (form === undefined) return;
    const client = await authenticateClient(resourceServers, request, response, form);
    if (client === undefined) return;
    const [token, another] = form.getAll('token');
    if (token === undefined || another !== undefined) {
      return sendInvalidRequest(response, 400, 'The form has one field named token.');
    }
    const note = `Revoked by the resource server ${client.name}.`;
    await revocations.revoke([token], { reason: RemovalReason.DELETED, note });
    response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Length': 0 }).end();
  };
}
