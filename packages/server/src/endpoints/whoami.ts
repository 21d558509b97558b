import type { ServerResponse } from 'node:http';
import { Scope, toScopeSet } from '@latchkey/shared';
import type { Config } from '../config.js';
import type { Sql } from '../database/database.js';
import { Endpoint } from '../database/entities/usage-event.js';
import { hasSeveralAuthorizations, readAuthorization } from '../http/authorization.js';
import { callerOf } from '../http/caller.js';
import { type Handler, sendJson } from '../http/handler.js';
import { allowMethods } from '../http/methods.js';
import type { AccessVerifier } from '../verification/access-verifier.js';
import type { TokenHolder } from '../verification/decision.js';
import { AMBIGUOUS, BARE_CHALLENGE, httpDenialOf } from './challenges.js';

export const WHOAMI_PATH = '/api/whoami-v2';

/** Hugging Face's own JavaScript client sends nothing that does not begin with this. */
const FOREIGN_PREFIX = 'hf_';
const NOTHING_OFFERED = {
  challenge: BARE_CHALLENGE,
  description: 'Send an access token as a bearer.',
};
const WRITE = toScopeSet([Scope.WRITE]);

interface Row {
  readonly email: string;
  readonly description: string;
  readonly createdAt: number;
}

const SELECT = `SELECT account.email, token.description, token.createdAt
  FROM access_tokens token JOIN accounts account ON account.id = token.accountId WHERE token.id = ?`;

/** Whose token it is, in the shape that Hugging Face's clients read. Clients may keep the answer for a minute. */
export function whoami(
  verifier: AccessVerifier,
  sql: Sql,
  { trustedProxies }: Pick<Config, 'trustedProxies'>,
): Handler {
  return async (request, response) => {
    if (!allowMethods(request, response, 'GET', 'HEAD')) return;
    if (hasSeveralAuthorizations(request.rawHeaders)) return sendRefused(response, AMBIGUOUS);
    const offered = readAuthorization(request.headers.authorization);
    if (offered === undefined) return sendRefused(response, NOTHING_OFFERED);
    const { secret, username, scheme } = offered;
    const foreign = secret.startsWith(FOREIGN_PREFIX);
    const decision = await verifier.verify(foreign ? secret.slice(FOREIGN_PREFIX.length) : secret, {
      endpoint: Endpoint.REST,
      scopes: 0,
      username,
      action: request.method,
      resource: WHOAMI_PATH,
      ...callerOf(request, trustedProxies),
    });
    if (!decision.allowed) return sendRefused(response, httpDenialOf(decision, scheme));
    const row = await sql.get<Row>(SELECT, [decision.holder.accessTokenId]);
    if (row === undefined) throw new Error('A token that was just used has no row.');
    sendWhoami(response, describe(decision.holder, row));
  };
}

function describe(holder: TokenHolder, row: Row): object {
  return {
    type: 'user',
    id: holder.accountId,
    name: holder.username,
    fullname: holder.username,
    email: row.email,
    emailVerified: false,
    canPay: false,
    isPro: false,
    avatarUrl: '',
    periodEnd: null,
    orgs: [],
    auth: {
      type: 'access_token',
      ...(holder.endsAt !== null && { expiresAt: new Date(holder.endsAt).toISOString() }),
      accessToken: {
        displayName: row.description,
        role: (holder.permissions & WRITE) === 0 ? 'read' : 'write',
        createdAt: new Date(Number(row.createdAt)).toISOString(),
      },
    },
  };
}

function sendWhoami(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body);
  response
    .writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'Cache-Control': 'private, max-age=60',
      Vary: 'Authorization',
      'X-Content-Type-Options': 'nosniff',
    })
    .end(text);
}

function sendRefused(
  response: ServerResponse,
  { challenge, description }: { readonly challenge: string; readonly description: string },
): void {
  response.setHeader('WWW-Authenticate', challenge);
  sendJson(response, 401, { error: description });
}
