import { fromScopeSet, parseScope, toScopeSet } from '@latchkey/shared';
import { Endpoint } from '../database/entities/usage-event.js';
import { printable } from '../http/caller.js';
import { endpoint, invalidRequest, Refused } from '../http/endpoint.js';
import type { Exchange, Handler } from '../http/exchange.js';
import { problemOfParameters } from '../http/parameters.js';
import type { AccessVerifier } from '../verification/access-verifier.js';
import type { AccessRequest, Allowance } from '../verification/decision.js';
import { authenticateToken } from './token-authentication.js';

export const FORWARD_AUTH_PATH = '/auth/verify';

/** What a proxy is known to write about the request that it asks for, over whatever a client has sent under these names. */
const PROXY_HEADERS: Readonly<Record<string, ProxyHeaders>> = {
  nginx: { method: 'x-original-method', uri: 'x-original-uri' },
  'ingress-nginx': { method: 'x-original-method', uri: 'x-original-url' },
  caddy: { method: 'x-forwarded-method', uri: 'x-forwarded-uri' },
  traefik: { method: 'x-forwarded-method', uri: 'x-forwarded-uri' },
};
const PARAMETERS = ['scope', 'namespace', 'proxy'];

interface ProxyHeaders {
  readonly method: string;
  readonly uri: string;
}

type Wanted = Pick<AccessRequest, 'endpoint' | 'scopes' | 'namespaces'>;

/**
 * The endpoint that reverse proxies call before they let a request through: nginx's `auth_request`, Traefik's and Caddy's
 * forward authentication. 200 lets in and names the account; 401 and 403 are rendered as RFC 6750, section 3 has them; 400 is
 * for a mistake in the proxy's configuration. 5xx is sent only where a use cannot be recorded: nginx makes an error of its own
 * of everything else.
 */
export function forwardAuth(verifier: AccessVerifier): Handler {
  return endpoint({
    methods: ['GET', 'HEAD', 'POST'],
    read: readConfigured,
    authenticate: (exchange, { wanted, headers }) =>
      authenticateToken(verifier, exchange, { ...wanted, ...describe(exchange, headers) }),
    render: sendHolder,
  });
}

/**
 * The same for Envoy's external authorization, which appends the path it asks about and keeps the request's method. The query
 * is then the client's, with parameters of its own.
 */
export function externalAuthorization(verifier: AccessVerifier): Handler {
  return endpoint({
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    read: ({ query }) => readWanted(query),
    authenticate: (exchange, wanted) =>
      authenticateToken(verifier, exchange, {
        ...wanted,
        action: exchange.request.method,
        resource: exchange.path.slice(FORWARD_AUTH_PATH.length),
        ...exchange.caller,
      }),
    render: sendHolder,
  });
}

/** What the proxy's configuration asks for; a mistyped parameter must not let everybody in. */
function readConfigured(
  exchange: Exchange,
): { readonly wanted: Wanted; readonly headers: ProxyHeaders } | Refused {
  const { query } = exchange;
  const problem = problemOfParameters(query, { known: PARAMETERS });
  if (problem !== undefined) return invalidRequest(problem);
  const wanted = readWanted(query);
  if (wanted instanceof Refused) return wanted;
  const proxy = query.get('proxy') ?? 'nginx';
  const headers = Object.hasOwn(PROXY_HEADERS, proxy) ? PROXY_HEADERS[proxy] : undefined;
  return headers === undefined
    ? invalidRequest(`The proxy parameter takes ${Object.keys(PROXY_HEADERS).join(', ')}.`)
    : { wanted, headers };
}

/** `scope=read,write`, and with `namespace=alice` the scopes are needed in there. */
function readWanted(query: URLSearchParams): Wanted | Refused {
  const named = query.getAll('scope').flatMap((value) => value.split(/[ ,]+/));
  const known = named.map(parseScope).filter((scope) => scope !== undefined);
  if (known.length !== named.length) {
    return invalidRequest('The scope parameter takes read, write and delete.');
  }
  const wanted = { endpoint: Endpoint.FORWARD_AUTH, scopes: toScopeSet(known) };
  const names = query.getAll('namespace');
  if (names.length === 0) return wanted;
  if (names.includes('')) {
    return invalidRequest('The namespace parameter is empty. Name an account.');
  }
  if (wanted.scopes === 0) {
    return invalidRequest('The namespace parameter needs a scope: scope=read, write or delete.');
  }
  return {
    ...wanted,
    namespaces: names.map((namespace) => ({ namespace, scopes: wanted.scopes })),
  };
}

/** What is recorded: the request that the proxy holds, as it says. */
function describe(
  { request, caller }: Exchange,
  names: ProxyHeaders,
): Pick<AccessRequest, 'action' | 'resource' | 'ipAddress' | 'userAgent'> {
  const { headers, method } = request;
  return {
    action: printable(headers[names.method]) ?? method,
    resource: printable(withoutQuery(headers[names.uri])),
    ...caller,
  };
}

/** A query may hold a secret, so it is not kept. */
function withoutQuery(uri: string | string[] | undefined): string | undefined {
  return uri === undefined ? undefined : String(uri).split('?', 1)[0];
}

function sendHolder({ response }: Exchange, { holder }: Allowance): void {
  response
    .writeHead(200, [
      'X-Auth-User',
      holder.username,
      'X-Auth-Account-Id',
      holder.accountId,
      'X-Auth-Token-Id',
      holder.accessTokenId,
      'X-Auth-Scopes',
      fromScopeSet(holder.permissions).join(' '),
      'Cache-Control',
      'no-store',
      'Content-Length',
      '0',
    ])
    .end();
}
