import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasSeveralAuthorizations, readAuthorization } from '../../http/authorization.js';
import { sendInvalidRequest } from '../../http/form.js';
import { sendJson } from '../../http/handler.js';
import type {
  KnownResourceServer,
  ResourceServerService,
} from '../../resource-servers/resource-server.service.js';
import { BASIC_CHALLENGE, invalidToken } from '../challenges.js';

const REFUSAL = 'Only a registered resource server may ask. Check its name and its secret.';

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
  const byHeader = claimsOfHeader(request);
  const byForm = claimsOfForm(form);
  const severalWays = byHeader.length > 0 && byForm.length > 0;
  if (severalWays || hasSeveralAuthorizations(request.rawHeaders)) {
    sendInvalidRequest(response, 400, 'The request says in two ways who asks. Choose one.');
    return undefined;
  }
  for (const { secret, name } of [...byHeader, ...byForm]) {
    const client = await resourceServers.authenticate(secret, name);
    if (client !== undefined) return client;
  }
  response.setHeader('WWW-Authenticate', challengeFor(request));
  sendJson(response, 401, { error: 'invalid_client', error_description: REFUSAL });
  return undefined;
}

/** The scheme that the client tried (RFC 6749, section 5.2). */
function challengeFor(request: IncomingMessage): string {
  const { scheme = 'basic' } = readAuthorization(request.headers.authorization) ?? {};
  return scheme === 'basic' ? BASIC_CHALLENGE : invalidToken(REFUSAL, scheme).challenge;
}

/**
 * What the header may mean. RFC 6749, section 2.3.1 has both halves of a Basic credential encoded as form values; curl and
 * most others send them as they are, and a secret may well hold `+` or `%`.
 */
function claimsOfHeader(request: IncomingMessage): Claim[] {
  const offered = readAuthorization(request.headers.authorization);
  if (offered === undefined) return [];
  const { username, secret } = offered;
  if (username === undefined) return [{ secret }];
  const asSent = { name: username, secret };
  if (!/[%+]/.test(username + secret)) return [asSent];
  return [asSent, { name: formDecoded(username), secret: formDecoded(secret) }];
}

function claimsOfForm(form: URLSearchParams): Claim[] {
  const secret = form.get('client_secret');
  return secret === null ? [] : [{ name: form.get('client_id') ?? '', secret }];
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
