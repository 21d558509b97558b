import { fromScopeSet, parseScope, type ScopeSet, toScopeSet } from '@latchkey/shared';
import { Endpoint } from '../database/entities/usage-event.js';
import { printable } from '../http/caller.js';
import { endpoint, invalidRequest, type Refused } from '../http/endpoint.js';
import type { Exchange, Handler } from '../http/exchange.js';
import type { AccessVerifier } from '../verification/access-verifier.js';
import type { AccessRequest, Allowance, NamespaceRequest } from '../verification/decision.js';
import { authenticateToken } from './token-authentication.js';

export const FORWARD_AUTH_PATH = '/auth/verify';

/**
 * The endpoint that reverse proxies call before they let a request through: nginx's `auth_request`, Traefik's and Caddy's
 * forward authentication. 200 lets in and names the account; 401 and 403 are rendered as RFC 6750, section 3 has them. It
 * never answers 429, and 5xx only where a use cannot be recorded: nginx makes an error of its own of everything else.
 */
export function forwardAuth(verifier: AccessVerifier): Handler {
  return proxyEndpoint(verifier, ['GET', 'HEAD', 'POST'], () => undefined);
}

/** The same for Envoy's external authorization, which appends the path it asks about and keeps the request's method. */
export function externalAuthorization(verifier: AccessVerifier): Handler {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  return proxyEndpoint(verifier, methods, ({ path }) => path.slice(FORWARD_AUTH_PATH.length));
}

function proxyEndpoint(
  verifier: AccessVerifier,
  methods: readonly string[],
  resourceOf: (exchange: Exchange) => string | undefined,
): Handler {
  return endpoint({
    methods,
    read: readWanted,
    authenticate: (exchange, wanted) =>
      authenticateToken(verifier, exchange, {
        ...wanted,
        ...describe(exchange, resourceOf(exchange)),
      }),
    render: sendHolder,
  });
}

type Wanted = Pick<AccessRequest, 'endpoint' | 'scopes' | 'namespaces'>;

const NO_SCOPE: Wanted = { endpoint: Endpoint.FORWARD_AUTH, scopes: 0 };
const UNKNOWN_SCOPE = invalidRequest(
  'The scope parameter takes read, write and delete. Check the proxy’s configuration.',
);

/**
 * `scope=read&scope=write` or `scope=read,write`. With `namespace=alice` the scopes are needed in there; empty, it is what
 * lies outside every namespace.
 */
function readWanted(exchange: Exchange): Wanted | Refused {
  if (!exchange.hasQuery) return NO_SCOPE;
  const { query } = exchange;
  const named = query.getAll('scope').flatMap((value) => value.split(/[ ,]+/));
  const known = named.map(parseScope).filter((scope) => scope !== undefined);
  if (known.length !== named.length) return UNKNOWN_SCOPE;
  const scopes = toScopeSet(known);
  return { endpoint: Endpoint.FORWARD_AUTH, scopes, namespaces: namespacesIn(query, scopes) };
}

function namespacesIn(query: URLSearchParams, scopes: ScopeSet): NamespaceRequest[] | undefined {
  if (!query.has('namespace')) return undefined;
  return query.getAll('namespace').map((namespace) => ({ namespace, scopes }));
}

/** What is recorded: the request that the proxy holds, as it says. */
function describe(
  { request, caller }: Exchange,
  resource: string | undefined,
): Pick<AccessRequest, 'action' | 'resource' | 'ipAddress' | 'userAgent'> {
  const { headers, method } = request;
  const asked = headers['x-original-method'] ?? headers['x-forwarded-method'];
  const uri = headers['x-original-uri'] ?? headers['x-original-url'] ?? headers['x-forwarded-uri'];
  return {
    action: printable(asked) ?? method,
    resource: printable(withoutQuery(uri)) ?? resource,
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
