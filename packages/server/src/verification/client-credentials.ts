import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendInvalidRequest } from '../http/form.js';
import { sendJson } from '../http/handler.js';
import type {
  KnownResourceServer,
  ResourceServerService,
} from '../resource-servers/resource-server.service.js';
import { hasSeveralAuthorizations, readAuthorization } from './credentials.js';

/** How a resource server may say who it is (RFC 8414, section 2, and RFC 6749, section 2.3.1). */
export const CLIENT_AUTHENTICATION = ['client_secret_basic', 'client_secret_post'] as const;

interface Claim {
  readonly secret: string;
  readonly name?: string;
}

/**
 * The resource server that asks: by HTTP Basic, by the form's `client_id` and `client_secret`, or by its secret alone as a
 * bearer.
 * @returns undefined where it is none of ours; the refusal is sent then.
 */
export async function authenticateClient(
  resourceServers: ResourceServerService,
  request: IncomingMessage,
  response: ServerResponse,
  form: URLSearchParams,
): Promise<KnownResourceServer | undefined> {
  const claims = [claimOfHeader(request), claimOfForm(form)].filter((claim) => claim !== undefined);
  const [claim] = claims;
  if (claims.length > 1 || hasSeveralAuthorizations(request.rawHeaders)) {
    sendInvalidRequest(response, 400, 'The request says in two ways who asks. Choose one.');
    return undefined;
  }
  const client = claim && (await resourceServers.authenticate(claim.secret, claim.name));
  if (client !== undefined) return client;
  response.setHeader('WWW-Authenticate', 'Basic realm="Latchkey"');
  sendJson(response, 401, {
    error: 'invalid_client',
    error_description: 'Only a registered resource server may ask. Check its name and its secret.',
  });
  return undefined;
}

function claimOfHeader(request: IncomingMessage): Claim | undefined {
  const offered = readAuthorization(request.headers.authorization);
  if (offered?.username === undefined) return offered && { secret: offered.secret };
  return { name: formDecoded(offered.username), secret: formDecoded(offered.secret) };
}

function claimOfForm(form: URLSearchParams): Claim | undefined {
  const secret = form.get('client_secret');
  if (secret === null) return undefined;
  return { name: form.get('client_id') ?? '', secret };
}

/** RFC 6749, section 2.3.1: both halves are encoded as form values first. */
function formDecoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
