import type { IncomingMessage, ServerResponse } from 'node:http';
import { FULL_SCOPE_SET } from '@latchkey/shared';
import type { Config } from '../../config.js';
import { Endpoint } from '../../database/entities/usage-event.js';
import {
  hasSeveralAuthorizations,
  type Offered,
  readAuthorization,
} from '../../http/authorization.js';
import { callerOf } from '../../http/caller.js';
import { readForm } from '../../http/form.js';
import { type Handler, sendJson } from '../../http/handler.js';
import { allowMethods } from '../../http/methods.js';
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

interface Parts {
  readonly verifier: AccessVerifier;
  readonly tokens: RegistryTokenService;
  readonly service: string;
  readonly trustedProxies: Config['trustedProxies'];
}

/** What a client asks for, whichever way it came. */
interface Asked {
  /** Undefined where nothing is offered: the answer then holds what is public. */
  readonly offered: Pick<Offered, 'secret' | 'username'> | undefined;
  readonly service: string | null;
  readonly scopes: readonly string[];
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
 */
export function registryToken(parts: Parts): Handler {
  return async (request, response) => {
    if (!allowMethods(request, response, 'GET', 'POST')) return;
    const byPost = request.method === 'POST';
    const asked = byPost ? await readPost(request, response) : readGet(request);
    if (asked === undefined) return;
    const resources = parseResourceScopes(asked.scopes);
    const problem = problemOf(asked, resources, parts.service);
    if (problem !== undefined) return sendErrors(response, 400, 'UNSUPPORTED', problem);
    const issued = await issue(parts, request, asked, resources);
    if ('refused' in issued) {
      response.setHeader('WWW-Authenticate', BASIC_CHALLENGE);
      return sendErrors(response, 401, 'UNAUTHORIZED', issued.refused);
    }
    sendJson(response, 200, byPost ? postAnswer(issued) : getAnswer(issued));
  };
}

function readGet(request: IncomingMessage): Asked {
  const url = request.url ?? '';
  const queryStart = url.indexOf('?');
  const query = new URLSearchParams(queryStart < 0 ? '' : url.slice(queryStart + 1));
  return {
    offered: hasSeveralAuthorizations(request.rawHeaders)
      ? { secret: '' }
      : readAuthorization(request.headers.authorization),
    service: query.get('service'),
    scopes: query.getAll('scope'),
  };
}

async function readPost(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Asked | undefined> {
  const form = await readForm(request, response, (problem) =>
    sendErrors(response, 400, 'UNSUPPORTED', problem),
  );
  if (form === undefined) return undefined;
  const asked = { service: form.get('service'), scopes: form.getAll('scope') };
  const secret = form.get(SECRET_FIELD[form.get('grant_type') ?? ''] ?? '');
  if (form.get('grant_type') === 'refresh_token' && secret !== null) {
    return { ...asked, offered: { secret } };
  }
  const username = form.get('username');
  if (form.get('grant_type') === 'password' && secret !== null && username !== null) {
    return { ...asked, offered: { secret, username } };
  }
  const message =
    'A form has grant_type=password with username and password, or grant_type=refresh_token with refresh_token.';
  sendErrors(response, 400, 'UNSUPPORTED', message);
  return undefined;
}

const SECRET_FIELD: Readonly<Record<string, string>> = {
  password: 'password',
  refresh_token: 'refresh_token',
};

function problemOf(
  { service }: Asked,
  resources: readonly ResourceScope[],
  ownService: string,
): string | undefined {
  if (service !== null && service !== ownService) {
    return `This server issues tokens for the registry ${ownService}. Check the registry's auth.token.service.`;
  }
  if (resources.length <= RESOURCES_LIMIT) return undefined;
  return `A request names at most ${RESOURCES_LIMIT} repositories.`;
}

async function issue(
  { verifier, tokens, trustedProxies }: Parts,
  request: IncomingMessage,
  { offered }: Asked,
  resources: readonly ResourceScope[],
): Promise<Issued | { readonly refused: string }> {
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
    ...callerOf(request, trustedProxies),
  });
  if (!decision.allowed) return { refused: decision.message };
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

/** Clients write a message to the terminal as it is. */
function sendErrors(
  response: ServerResponse,
  status: 400 | 401,
  code: 'UNAUTHORIZED' | 'UNSUPPORTED',
  message: string,
): void {
  const harmless = message.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  sendJson(response, status, { errors: [{ code, message: harmless, detail: null }] });
}
