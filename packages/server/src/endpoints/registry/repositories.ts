import type { ServerResponse } from 'node:http';
import { Scope, toScopeSet } from '@latchkey/shared';
import { Endpoint } from '../../database/entities/usage-event.js';
import { endpoint, invalidRequest, type Refused } from '../../http/endpoint.js';
import { type Exchange, type Handler, sendJson } from '../../http/exchange.js';
import { problemOfParameters } from '../../http/parameters.js';
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
import { authenticateToken } from '../token-authentication.js';

export const REPOSITORIES_PATH = '/api/v0/repositories';
const READ = toScopeSet([Scope.READ]);
const PAGE_SIZE = 50;
const PAGE_SIZE_MAX = 100;

interface Page {
  readonly after: string;
  readonly size: number;
}

/**
 * The repositories that a token's account may see, for `curl --user NAME:TOKEN`. `pageSize` and `pageStart` turn the
 * pages; each names the next one's start, in its body and in `X-Next-Page-Start`.
 */
export function repositories(
  verifier: AccessVerifier,
  namespaces: NamespaceService,
  catalog: Catalog,
): Handler {
  return endpoint({
    methods: ['GET'],
    read: readPage,
    authenticate: (exchange) => authenticateToken(verifier, exchange, wantedOf(exchange)),
    async render({ response }, { holder }, page) {
      const open = await namespaces.publicFrom(namespaceAt(page.after), NAMESPACES_A_PAGE);
      const readable = readableNamespaces(holder, open);
      const found = await catalog.list(readable, page.after, page.size);
      const shown = await namespaces.publicAmong(found.names.map(namespaceOfRepository));
      sendPage(response, found, page.size, shown);
    },
  });
}

const wantedOf = ({ caller }: Exchange) => ({
  endpoint: Endpoint.REST,
  scopes: READ,
  action: 'list',
  resource: REPOSITORIES_PATH,
  ...caller,
});

const namespaceOfRepository = (name: string) => namespaceOf({ type: 'repository', name });

const PAGE_PROBLEM = invalidRequest(
  `pageSize is 1 to ${PAGE_SIZE_MAX}, and pageStart is what the page before named.`,
);

function readPage({ query }: Exchange): Page | Refused {
  // A script that mistypes pageStart would turn the first page for ever.
  const problem = problemOfParameters(query, { known: ['pageSize', 'pageStart'] });
  if (problem !== undefined) return invalidRequest(problem);
  const after = query.get('pageStart') ?? '';
  const size = Number(query.get('pageSize') ?? PAGE_SIZE);
  const valid = Number.isInteger(size) && size >= 1 && size <= PAGE_SIZE_MAX;
  return valid && /^[a-z0-9._/-]{0,255}$/.test(after) ? { after, size } : PAGE_PROBLEM;
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
