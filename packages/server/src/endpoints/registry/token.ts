import type { ServerResponse } from 'node:http';
import { FULL_SCOPE_SET } from '@latchkey/shared';
import { Endpoint } from '../../database/entities/usage-event.js';
import {
  hasSeveralAuthorizations,
  type Offered,
  readAuthorization,
} from '../../http/authorization.js';
import { readForm } from '../../http/body.js';
import { endpoint, invalidRequest, Refused } from '../../http/endpoint.js';
import { type Exchange, type Handler, sendJson } from '../../http/exchange.js';
import { problemOfParameters } from '../../http/parameters.js';
import type { RegistryToken, RegistryTokenService } from '../../registry/registry-token.service.js';
import {
  accessOf,
  actionsOf,
  namespaceOf,
  parseResourceScopes,
  RESOURCES_LIMIT,
  type ResourceAccess,
  type ResourceScope,
} from '../../registry/resource-scope.js';
import type { AccessVerifier } from '../../verification/access-verifier.js';
import { BASIC_CHALLENGE } from '../challenges.js';

export const REGISTRY_TOKEN_PATH = '/registry/token';

/** What a client asks for, whichever way it came. */
interface Asked {
  /** Undefined where nothing is offered: the answer then holds what is public. */
  readonly offered: Pick<Offered, 'secret' | 'username'> | undefined;
  readonly resources: readonly ResourceScope[];
}

interface Issued extends RegistryToken {
  readonly access: readonly ResourceAccess[];
}

/**
 * The endpoint of Docker registries: the distribution specification's token server. GET takes the account's name and a token
 * by HTTP Basic; POST takes a form of OAuth 2's, `password` with both or `refresh_token` with the token alone. What is
 * granted is the part of what was asked for that is allowed. A refusal is 401 with one entry in `errors`, whose message
 * clients show as it is. There are no refresh tokens of its own: clients that hold one no longer ask with the token that
 * its owner knows, and `docker login` prompts again each time.
 * @param service the registry's name for itself, for which tokens are issued.
 */
export function registryToken(
  verifier: AccessVerifier,
  tokens: RegistryTokenService,
  service: string,
): Handler {
  return endpoint({
    methods: ['GET', 'POST'],
    read: (exchange) =>
      exchange.request.method === 'POST' ? readPost(exchange, service) : readGet(exchange, service),
    authenticate: (exchange, asked) => issue(verifier, tokens, exchange, asked),
    render: ({ request, response }, issued) =>
      sendJson(response, 200, request.method === 'POST' ? postAnswer(issued) : getAnswer(issued)),
    refuse: sendErrors,
  });
}

function readGet({ request, query }: Exchange, service: string): Asked | Refused {
  const offered = hasSeveralAuthorizations(request.rawHeaders)
    ? { secret: '' }
    : readAuthorization(request.headers.authorization);
  return askedOf(query, service, offered);
}

async function readPost({ request }: Exchange, service: string): Promise<Asked | Refused> {
  const form = await readForm(request);
  if (form instanceof Refused) return form;
  const secret = form.get(SECRET_FIELD[form.get('grant_type') ?? ''] ?? '');
  if (form.get('grant_type') === 'refresh_token' && secret !== null) {
    return askedOf(form, service, { secret });
  }
  const username = form.get('username');
  if (form.get('grant_type') === 'password' && secret !== null && username !== null) {
    return askedOf(form, service, { secret, username });
  }
  return invalidRequest(
    'A form has grant_type=password with username and password, or grant_type=refresh_token with refresh_token.',
  );
}

const SECRET_FIELD: Readonly<Record<string, string>> = {
  password: 'password',
  refresh_token: 'refresh_token',
};

/** The fields are the same in a query and in a form. */
function askedOf(
  fields: URLSearchParams,
  ownService: string,
  offered: Asked['offered'],
): Asked | Refused {
  const problem = problemOfParameters(fields, { repeatable: ['scope'] });
  if (problem !== undefined) return invalidRequest(problem);
  const service = fields.get('service');
  if (service !== null && service !== ownService) {
    return invalidRequest(
      `This server issues tokens for the registry ${ownService}. Check the registry's auth.token.service.`,
    );
  }
  const resources = parseResourceScopes(fields.getAll('scope'));
  if (resources.length <= RESOURCES_LIMIT) return { offered, resources };
  return invalidRequest(`A request names at most ${RESOURCES_LIMIT} repositories.`);
}

async function issue(
  verifier: AccessVerifier,
  tokens: RegistryTokenService,
  { caller }: Exchange,
  { offered, resources }: Asked,
): Promise<Issued | Refused> {
  const namespaces = resources.map((resource) => ({
    namespace: namespaceOf(resource),
    scopes: resource.scopes,
  }));
  if (offered === undefined) {
    const access = accessOf(resources, await verifier.anonymous(namespaces));
    return { ...(await tokens.issue('', access, null)), access };
  }
  const decision = await verifier.verify(offered.secret, {
    endpoint: Endpoint.REGISTRY,
    scopes: 0,
    namespaces,
    partly: true,
    username: offered.username,
    ...describe(resources),
    ...caller,
  });
  if (!decision.allowed) {
    const headers = { 'WWW-Authenticate': BASIC_CHALLENGE };
    return new Refused(401, 'invalid_token', decision.message, headers);
  }
  const access = accessOf(resources, decision.granted);
  const { username, endsAt } = decision.holder;
  return { ...(await tokens.issue(username, access, endsAt)), access };
}

/** What is recorded of the request. */
function describe(resources: readonly ResourceScope[]): { action: string; resource?: string } {
  if (resources.length === 0) return { action: 'login' };
  const wanted = resources.reduce((set, { scopes }) => set | scopes, 0) & FULL_SCOPE_SET;
  return {
    action: actionsOf({ type: 'repository' }, wanted).join(','),
    resource: resources.map(({ name }) => name).join(' '),
  };
}

function getAnswer({ token, issuedAt, expiresInSeconds }: Issued): object {
  return {
    token,
    access_token: token,
    expires_in: expiresInSeconds,
    issued_at: new Date(issuedAt).toISOString(),
  };
}

function postAnswer(issued: Issued): object {
  const scope = issued.access
    .map(({ type, name, actions }) => `${type}:${name}:${actions.join(',')}`)
    .join(' ');
  return { ...getAnswer(issued), token_type: 'Bearer', scope };
}

/** The distribution specification's errors. Clients write a message to the terminal as it is. */
function sendErrors(
  response: ServerResponse,
  { status, description = '', headers }: Refused,
): void {
  const message = description.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  const code = status === 401 ? 'UNAUTHORIZED' : 'UNSUPPORTED';
  // Clients show the reason of a 400 and of a 401.
  sendJson(
    response,
    status === 413 ? 400 : status,
    { errors: [{ code, message, detail: null }] },
    headers,
  );
}
