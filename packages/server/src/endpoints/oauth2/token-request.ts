import type { IncomingMessage, ServerResponse } from 'node:http';
import { readForm, sendInvalidRequest } from '../../http/form.js';
import { allowMethods } from '../../http/methods.js';
import type {
  KnownResourceServer,
  ResourceServerService,
} from '../../resource-servers/resource-server.service.js';
import { authenticateClient } from './client-authentication.js';

/** A resource server, and the token that it was sent and asks about. */
interface TokenRequest {
  readonly client: KnownResourceServer;
  readonly token: string;
}

/**
 * Reads what introspection (RFC 7662, section 2.1) and revocation (RFC 7009, section 2.1) have in common: a POST with a
 * form, a client that authenticates, and one token.
 *
 * @returns undefined where the request is none of that, and has been answered so.
 */
export async function readTokenRequest(
  resourceServers: ResourceServerService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<TokenRequest | undefined> {
  if (!allowMethods(request, response, 'POST')) return undefined;
  const form = await readForm(request, response);
  if (form === undefined) return undefined;
  const client = await authenticateClient(resourceServers, request, response, form);
  if (client === undefined) return undefined;
  const [token, another] = form.getAll('token');
  if (token !== undefined && another === undefined) return { client, token };
  sendInvalidRequest(response, 400, 'The form has one field named token.');
  return undefined;
}
