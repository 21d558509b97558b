import { hash, randomBytes, randomUUID } from 'node:crypto';
import { makeSecret } from '@latchkey/shared';
import type { Cluster } from './cluster.js';

export interface StoredToken {
  readonly id: string;
  readonly secret: string;
}

const ROWS_A_STATEMENT = 1000;
const INSERT_TOKENS = `INSERT INTO access_tokens
  (id, accountId, kind, description, descriptionFolded, hint, scopes, active, createdAt) VALUES ?`;
const INSERT_SECRETS =
  'INSERT INTO access_token_secrets (digest, accessTokenId, createdAt) VALUES ?';

/** Writes personal tokens past the servers: it looks the same as if they had been asked for one by one. */
export async function storeTokens(
  { query }: Pick<Cluster, 'query'>,
  accountId: string,
  count: number,
): Promise<StoredToken[]> {
  const tokens = Array.from({ length: count }, () => ({
    id: randomUUID(),
    secret: makeSecret('PERSONAL', randomBytes),
  }));
  for (let start = 0; start < count; start += ROWS_A_STATEMENT) {
    const part = tokens.slice(start, start + ROWS_A_STATEMENT);
    const rows = part.map(({ id }) => [
      id,
      accountId,
      'PERSONAL',
      'one of many',
      'one of many',
      'lkp_…0000',
      1,
      1,
      1,
    ]);
    await query(INSERT_TOKENS, [rows]);
    await query(INSERT_SECRETS, [
      part.map(({ id, secret }) => [hash('sha256', secret, 'base64url'), id, 1]),
    ]);
  }
  return tokens;
}
