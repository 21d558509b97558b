import type { IncomingMessage, ServerResponse } from 'node:http';
import { fromScopeSet, parseScope, type ScopeSet, toScopeSet } from '@latchkey/shared';
import type { Config } from '../config.js';
import { Endpoint } from '../database/entities/usage-event.js';
import {
  hasSeveralAuthorizations,
  type Offered,
  readAuthorization,
} from '../http/authorization.js';
import { printable } from '../http/caller.js';
import { clientAddress } from '../http/client-address.js';
import { type Handler, sendJson } from '../http/handler.js';
import type { AccessVerifier } from '../verification/access-verifier.js';
import type { AccessRequest, NamespaceRequest, TokenHolder } from '../verification/decision.js';
import { AMBIGUOUS, BARE_CHALLENGE, httpDenialOf, sendDenial } from './challenges.js';

export const FORWARD_AUTH_PATH = '/auth/verify';
const METHODS = ['GET', 'HEAD', 'POST'];

/**
 * The endpoint that reverse proxies call before they let a request through: nginx's `auth_request`, Traefik's and Caddy's
 * forward authentication, and Envoy's external authorization, which appends the path it asks about. 200 lets in and names
 * the account; 401 and 403 are rendered as RFC 6750, section 3 has them. It never answers 429, and 5xx only where a use
 * cannot be recorded: nginx makes an error of its own of everything else.
 */
export function forwardAuth(
  verifier: AccessVerifier,
  config: Pick<Config, 'trustedProxies'>,
): Handler {
  return async (request, response) => {
    const { path, query } = splitUrl(request.url ?? '');
    const suffix = path.slice(FORWARD_AUTH_PATH.length);
    if (suffix === '' && !METHODS.includes(request.method ?? '')) {
      response.writeHead(405, { allow: METHODS.join(', ') }).end();
      return;
    }
    const scopes = wantedScopes(query);
    if (scopes === undefined) return sendUnknownScope(response);
    if (hasSeveralAuthorizations(request.rawHeaders)) return sendDenial(response, AMBIGUOUS);
    const offered = readAuthorization(request.headers.authorization);
    if (offered === undefined) return sendNothingOffered(response);
    const asked = { suffix, scopes, namespaces: wantedNamespaces(query, scopes) };
    const wanted = wantedOf(request, asked, offered, config);
    const decision = await verifier.verify(offered.secret, wanted);
    if (decision.allowed) sendAllowed(response, decision.holder);
    else sendDenial(response, httpDenialOf(decision, offered.scheme));
  };
}

function splitUrl(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0
    ? { path: url, query: '' }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** `scope=read&scope=write` or `scope=read,write`; undefined where one of them is no scope. */
function wantedScopes(query: string): ScopeSet | undefined {
  if (query === '') return 0;
  const named = new URLSearchParams(query).getAll('scope').flatMap((value) => value.split(/[ ,]+/));
  const scopes = named.map(parseScope);
  const known = scopes.filter((scope) => scope !== undefined);
  return known.length === scopes.length ? toScopeSet(known) : undefined;
}

/** `namespace=alice`: the scopes are needed in there. Empty, it is what lies outside every namespace. */
function wantedNamespaces(query: string, scopes: ScopeSet): NamespaceRequest[] | undefined {
  if (!query.includes('namespace=')) return undefined;
  const names = new URLSearchParams(query).getAll('namespace');
  return names.map((namespace) => ({ namespace, scopes }));
}

function wantedOf(
  request: IncomingMessage,
  { suffix, scopes, namespaces }: Pick<AccessRequest, 'scopes' | 'namespaces'> & { suffix: string },
  offered: Offered,
  { trustedProxies }: Pick<Config, 'trustedProxies'>,
): AccessRequest {
  const { headers } = request;
  const method = headers['x-original-method'] ?? headers['x-forwarded-method'];
  const uri = headers['x-original-uri'] ?? headers['x-original-url'] ?? headers['x-forwarded-uri'];
  return {
    endpoint: Endpoint.FORWARD_AUTH,
    scopes,
    namespaces,
    username: offered.username,
    action: printable(method) ?? request.method,
    resource: printable(withoutQuery(uri)) ?? (suffix === '' ? undefined : suffix),
    ipAddress: clientAddress(request, trustedProxies),
    userAgent: printable(headers['user-agent']),
  };
}

/** A query may hold a secret, so it is not kept. */
function withoutQuery(uri: string | string[] | undefined): string | undefined {
  return uri === undefined ? undefined : splitUrl(String(uri)).path;
}

function sendAllowed(response: ServerResponse, holder: TokenHolder): void {
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

function sendUnknownScope(response: ServerResponse): void {
  sendJson(response, 400, {
    error: 'invalid_request',
    error_description:
      'The scope parameter takes read, write and delete. Check the proxy’s configuration.',
  });
}

function sendNothingOffered(response: ServerResponse): void {
  response.setHeader('WWW-Authenticate', BARE_CHALLENGE);
  sendJson(response, 401, {});
}
