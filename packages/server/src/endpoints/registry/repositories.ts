import type { ServerResponse } from 'node:http';
import { Scope, toScopeSet } from '@latchkey/shared';
import type { Config } from '../../config.js';
import { Endpoint } from '../../database/entities/usage-event.js';
import { hasSeveralAuthorizations, readAuthorization } from '../../http/authorization.js';
import { callerOf } from '../../http/caller.js';
import { sendInvalidRequest } from '../../http/form.js';
import { type Handler, sendJson } from '../../http/handler.js';
import { allowMethods } from '../../http/methods.js';
import type { NamespaceService } from '../../namespaces/namespace.service.js';
import {
  type Catalog,
  type CatalogPage,
  NAMESPACES_A_PAGE,
  namespaceAt,
} from '../../registry/catalog.js';
import { namespaceOf } from '../../registry/resource-scope.js';
import type { AccessVerifier } from '../../verification/access-verifier.js';
import { readableNamespaces } from '../../verification/namespace-permissions.js';
import { AMBIGUOUS, BARE_CHALLENGE, httpDenialOf, sendDenial } from '../challenges.js';

export const REPOSITORIES_PATH = '/api/v0/repositories';
const READ = toScopeSet([Scope.READ]);
const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 100;

interface Parts {
  readonly verifier: AccessVerifier;
  readonly namespaces: NamespaceService;
  readonly catalog: Catalog;
  readonly trustedProxies: Config['trustedProxies'];
}

interface Page {
  readonly after: string;
  readonly size: number;
}

/**
 * The repositories that a token's account may see, for `curl --user NAME:TOKEN`. `pageSize` and `pageStart` turn the
 * pages; each names the next one's start, in its body and in `X-Next-Page-Start`.
 */
export function repositories({ verifier, namespaces, catalog, trustedProxies }: Parts): Handler {
  return async (request, response) => {
    if (!allowMethods(request, response, 'GET')) return;
    const page = readPage(new URLSearchParams((request.url ?? '').split('?')[1]));
    if (page === undefined) return sendInvalidRequest(response, 400, PAGE_PROBLEM);
    if (hasSeveralAuthorizations(request.rawHeaders)) return sendDenial(response, AMBIGUOUS);
    const offered = readAuthorization(request.headers.authorization);
    if (offered === undefined) return sendNothingOffered(response);
    const decision = await verifier.verify(offered.secret, {
      endpoint: Endpoint.REST,
      scopes: READ,
      username: offered.username,
      action: 'list',
      resource: REPOSITORIES_PATH,
      ...callerOf(request, trustedProxies),
    });
    if (!decision.allowed) return sendDenial(response, httpDenialOf(decision, offered.scheme));
    const open = await namespaces.publicFrom(namespaceAt(page.after), NAMESPACES_A_PAGE);
    const readable = readableNamespaces(decision.holder, open);
    const found = await catalog.list(readable, page.after, page.size);
    const shown = await namespaces.publicAmong(found.names.map(namespaceOfRepository));
    sendPage(response, found, page.size, shown);
  };
}

const namespaceOfRepository = (name: string) => namespaceOf({ type: 'repository', name });

const PAGE_PROBLEM = `pageSize is 1 to ${PAGE_SIZE_MAX}, and pageStart is what the page before named.`;

function readPage(query: URLSearchParams): Page | undefined {
  const after = query.get('pageStart') ?? '';
  const size = Number(query.get('pageSize') ?? PAGE_SIZE);
  const valid = Number.isInteger(size) && size >= 1 && size <= PAGE_SIZE_MAX;
  return valid && /^[a-z0-9._/-]{0,255}$/.test(after) ? { after, size } : undefined;
}

function sendPage(
  response: ServerResponse,
  { names, next }: CatalogPage,
  size: number,
  open: ReadonlySet<string>,
): void {
  if (next !== undefined) {
    const query = new URLSearchParams({ pageStart: next, pageSize: String(size) });
    response.setHeader('X-Next-Page-Start', next);
    response.setHeader('Link', `<${REPOSITORIES_PATH}?${query}>; rel="next"`);
  }
  sendJson(response, 200, {
    repositories: names.map((fullName) => {
      const namespace = namespaceOfRepository(fullName);
      const visibility = open.has(namespace) ? 'public' : 'private';
      return { namespace, name: fullName.slice(fullName.indexOf('/') + 1), visibility };
    }),
    nextPageStart: next ?? null,
  });
}

function sendNothingOffered(response: ServerResponse): void {
  response.setHeader('WWW-Authenticate', BARE_CHALLENGE);
  sendJson(response, 401, { error: 'invalid_token', error_description: 'Send an access token.' });
}
