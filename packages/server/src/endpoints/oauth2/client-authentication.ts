import type { IncomingMessage } from 'node:http';
import { hasSeveralAuthorizations, readAuthorization } from '../../http/authorization.js';
import { invalidRequest, Refused } from '../../http/endpoint.js';
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
 */
export async function authenticateClient(
  resourceServers: ResourceServerService,
  request: IncomingMessage,
  form: URLSearchParams,
): Promise<KnownResourceServer | Refused> {
  const byHeader = claimsOfHeader(request);
  const byForm = claimsOfForm(form);
  const severalWays = byHeader.length > 0 && byForm.length > 0;
  if (severalWays || hasSeveralAuthorizations(request.rawHeaders)) {
    return invalidRequest('The request says in two ways who asks. Choose one.');
  }
  for (const { secret, name } of [...byHeader, ...byForm]) {
    const client = await resourceServers.authenticate(secret, name);
    if (client !== undefined) return client;
  }
  return new Refused(401, 'invalid_client', REFUSAL, { 'WWW-Authenticate': challengeFor(request) });
}

/** The scheme that the client tried (RFC 6749, section 5.2). */
function challengeFor(request: IncomingMessage): string {
  const { scheme = 'basic' } = readAuthorization(request.headers.authorization) ?? {};
  return scheme === 'basic'
    ? BASIC_CHALLENGE
    : String(invalidToken(REFUSAL, scheme).headers['WWW-Authenticate']);
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
