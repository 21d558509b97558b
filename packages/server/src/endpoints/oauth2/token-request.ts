import { readForm } from '../../http/body.js';
import { invalidRequest, Refused } from '../../http/endpoint.js';
import type { Exchange } from '../../http/exchange.js';
import type {
  KnownResourceServer,
  ResourceServerService,
} from '../../resource-servers/resource-server.service.js';
import { authenticateClient } from './client-authentication.js';

/** A resource server, and the token that it was sent and asks about. */
export interface TokenRequest {
  readonly client: KnownResourceServer;
  readonly token: string;
}

/**
 * What introspection (RFC 7662, section 2.1) and revocation (RFC 7009, section 2.1) have in common: a POST with a form, a
 * client that authenticates, and one token.
 */
export const tokenRequests = (resourceServers: ResourceServerService) => ({
  methods: ['POST'],
  read: ({ request }: Exchange) => readForm(request),
  async authenticate(
    { request }: Exchange,
    form: URLSearchParams,
  ): Promise<TokenRequest | Refused> {
    const client = await authenticateClient(resourceServers, request, form);
    if (client instanceof Refused) return client;
    const [token, another] = form.getAll('token');
    if (token !== undefined && another === undefined) return { client, token };
    return invalidRequest('The form has one field named token.');
  },
});
