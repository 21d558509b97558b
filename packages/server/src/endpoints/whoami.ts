import { Scope, toScopeSet } from '@latchkey/shared';
import type { Sql } from '../database/database.js';
import { Endpoint } from '../database/entities/usage-event.js';
import { endpoint, nothing } from '../http/endpoint.js';
import { type Exchange, type Handler, sendJson } from '../http/exchange.js';
import type { AccessVerifier } from '../verification/access-verifier.js';
import type { TokenHolder } from '../verification/decision.js';
import { authenticateToken } from './token-authentication.js';

export const WHOAMI_PATH = '/api/whoami-v2';

/** Hugging Face's own JavaScript client sends nothing that does not begin with this. */
const FOREIGN_PREFIX = 'hf_';
const WRITE = toScopeSet([Scope.WRITE]);
/** Clients may keep the answer for a minute. */
const HEADERS = { 'Cache-Control': 'private, max-age=60', Vary: 'Authorization' };

interface Row {
  readonly email: string;
  readonly description: string;
  readonly createdAt: number;
}

const SELECT = `SELECT account.email, token.description, token.createdAt
  FROM access_tokens token JOIN accounts account ON account.id = token.accountId WHERE token.id = ?`;

/** Whose token it is, in the shape that Hugging Face's clients read; so are its errors. */
export function whoami(verifier: AccessVerifier, sql: Sql): Handler {
  return endpoint({
    methods: ['GET', 'HEAD'],
    read: nothing,
    authenticate: (exchange) =>
      authenticateToken(verifier, exchange, wantedOf(exchange), withoutForeignPrefix),
    async render({ response }, { holder }) {
      const row = await sql.get<Row>(SELECT, [holder.accessTokenId]);
      if (row === undefined) throw new Error('A token that was just used has no row.');
      sendJson(response, 200, describe(holder, row), HEADERS);
    },
    refuse: (response, { status, description, headers }) =>
      sendJson(response, status, { error: description }, headers),
  });
}

const wantedOf = ({ request, caller }: Exchange) => ({
  endpoint: Endpoint.REST,
  scopes: 0,
  action: request.method,
  resource: WHOAMI_PATH,
  ...caller,
});

const withoutForeignPrefix = (offered: string) =>
  offered.startsWith(FOREIGN_PREFIX) ? offered.slice(FOREIGN_PREFIX.length) : offered;

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
