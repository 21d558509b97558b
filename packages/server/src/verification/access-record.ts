import type { ScopeSet } from '@latchkey/shared';
import type { Sql } from '../database/database.js';
import type { AccessTokenKind } from '../database/entities/access-token.entity.js';
import type { AccountRole } from '../database/entities/account.entity.js';
import type { RemovalReason } from '../database/entities/removal-reason.js';
import { withList } from '../database/rows.js';

/** All that the verifier looks at for one secret, as the database had it in one read. Times in UTC milliseconds. */
export interface AccessRecord {
  readonly accessTokenId: string;
  readonly accountId: string;
  readonly username: string;
  readonly role: AccountRole;
  readonly kind: AccessTokenKind;
  readonly scopes: ScopeSet;
  readonly permissions: ScopeSet;
  readonly active: boolean;
  readonly expiresAt: number | null;
  readonly secretValidUntil: number | null;
  readonly removedAt: number | null;
  readonly removalReason: RemovalReason | null;
  readonly removalNote: string | null;
  /** The session that minted the token; null for tokens made by hand. */
  readonly session: SessionRecord | null;
}

interface SessionRecord {
  readonly id: string;
  readonly expiresAt: number;
  readonly lastSeenAt: number;
  readonly liveUntil: number | null;
}

type Row = Omit<AccessRecord, 'active' | 'session'> & {
  readonly active: number;
  readonly sessionId: string | null;
  readonly sessionExpiresAt: number | null;
  readonly sessionLastSeenAt: number | null;
  readonly sessionLiveUntil: number | null;
};

const SELECT = `SELECT
    secret.accessTokenId, secret.validUntil AS secretValidUntil,
    token.accountId, token.kind, token.scopes, token.active, token.expiresAt,
    token.removedAt, token.removalReason, token.removalNote, token.sessionId,
    account.username, account.role, account.permissions,
    session.expiresAt AS sessionExpiresAt, session.lastSeenAt AS sessionLastSeenAt,
    session.liveUntil AS sessionLiveUntil
  FROM access_token_secrets secret
  JOIN access_tokens token ON token.id = secret.accessTokenId
  JOIN accounts account ON account.id = token.accountId
  LEFT JOIN sessions session ON session.id = token.sessionId`;
const SELECT_ONE = `${SELECT} WHERE secret.digest = ?`;
const SELECT_MANY = `${SELECT.replace('SELECT', 'SELECT secret.digest,')} WHERE secret.digest IN (?)`;

/** What the database knows of the secret with this digest; undefined where it knows none. */
export async function readAccessRecord(
  sql: Sql,
  digest: string,
): Promise<AccessRecord | undefined> {
  const row = await sql.get<Row>(SELECT_ONE, [digest]);
  return row && recordOf(row);
}

/** What the database knows of the secrets with these digests, by digest, in one statement. */
export async function readAccessRecords(
  sql: Sql,
  digests: readonly string[],
): Promise<ReadonlyMap<string, AccessRecord>> {
  const rows = await sql.all<Row & { digest: string }>(...withList(SELECT_MANY, digests));
  return new Map(rows.map((row) => [row.digest, recordOf(row)]));
}

/** Copied field by field: all records then have one shape, and the verifier reads a driver's row several times slower. */
function recordOf(row: Row): AccessRecord {
  return {
    accessTokenId: row.accessTokenId,
    accountId: row.accountId,
    username: row.username,
    role: row.role,
    kind: row.kind,
    scopes: row.scopes,
    permissions: row.permissions,
    active: row.active !== 0,
    expiresAt: row.expiresAt,
    secretValidUntil: row.secretValidUntil,
    removedAt: row.removedAt,
    removalReason: row.removalReason,
    removalNote: row.removalNote,
    session: sessionOf(row),
  };
}

function sessionOf(row: Row): SessionRecord | null {
  if (row.sessionId === null) return null;
  return {
    id: row.sessionId,
    // A session whose row is gone is over.
    expiresAt: row.sessionExpiresAt ?? 0,
    lastSeenAt: row.sessionLastSeenAt ?? 0,
    liveUntil: row.sessionLiveUntil,
  };
}
