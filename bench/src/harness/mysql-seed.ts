import { hash } from 'node:crypto';
import { createServer, loadConfig } from '@latchkey/server';
import { hash as hashPassword } from '@node-rs/argon2';
import type { RowDataPacket } from 'mysql2/promise';
import {
  accountId,
  accountsIn,
  busyTokensIn,
  type MysqlSize,
  seedStatements,
  tokenId,
} from './mysql-rows.js';
import { newSecret, PASSWORD, type Seed } from './seed.js';
import type { ThrowawayMariadb } from './throwaway.js';

const KNOWN_TOKENS = 2000;
const KNOWN_ACCOUNTS = 100;

/** What of the database the load knows. */
export type MysqlSeed = Pick<Seed, 'tokens' | 'accounts' | 'tokenCount'>;

/** Migrates an empty database and fills it with `tokens` tokens and five times as many uses. */
export async function seedMysql(mariadb: ThrowawayMariadb, tokens: number): Promise<MysqlSeed> {
  const size: MysqlSize = { tokens, nowMs: Date.now() };
  await migrate(mariadb);
  const passwordHash = await hashPassword(PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  await mariadb.connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
  for (const statement of seedStatements(size, passwordHash)) {
    await mariadb.connection.query(statement);
  }
  const seed = {
    tokenCount: tokens,
    tokens: await knowTokens(mariadb, size),
    accounts: await knowAccounts(mariadb, size),
  };
  await mariadb.connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
  await mariadb.connection.query(
    'ANALYZE TABLE accounts, sessions, access_tokens, access_token_secrets, usage_groups',
  );
  return seed;
}

async function migrate({ databaseUrl }: ThrowawayMariadb): Promise<void> {
  const env = { PORT: '0', DATABASE_URL: databaseUrl, LATCHKEY_LOG_LEVEL: 'silent' };
  const server = await createServer(loadConfig(env));
  await server.close();
}

/** Gives tokens that lie evenly among the personal ones a secret that the load knows. */
async function knowTokens(mariadb: ThrowawayMariadb, size: MysqlSize): Promise<Seed['tokens']> {
  const accounts = accountsIn(size);
  const first = accounts * 5;
  const known = [];
  for (let place = 0; place < KNOWN_TOKENS; place++) {
    const number = first + Math.floor((place * (size.tokens - first)) / KNOWN_TOKENS);
    const secret = newSecret('PERSONAL');
    const owner = accountId(size, String(number % accounts));
    const [id, ownerId] = await evaluate(mariadb, tokenId(size, String(number)), owner);
    await mariadb.connection.query(
      'UPDATE access_token_secrets SET digest = ? WHERE accessTokenId = ?',
      [digestOf(secret), id],
    );
    known.push({ secret, accountId: ownerId ?? '' });
  }
  return known;
}

/** Opens a session whose secret the load knows for accounts that lie evenly among all. */
async function knowAccounts(mariadb: ThrowawayMariadb, size: MysqlSize): Promise<Seed['accounts']> {
  const accounts = accountsIn(size);
  const known = [];
  for (let place = 0; place < KNOWN_ACCOUNTS; place++) {
    const number = Math.floor((place * accounts) / KNOWN_ACCOUNTS);
    const busy = tokenId(size, String(size.tokens - busyTokensIn(size) + number));
    const [id = '', busyTokenId = ''] = await evaluate(
      mariadb,
      accountId(size, String(number)),
      busy,
    );
    const secret = newSecret('SESSION');
    const end = size.nowMs + 86_400_000;
    await mariadb.connection.query(
      `INSERT INTO sessions (id, accountId, secretDigest, client, ipAddress, createdAt, lastSeenAt, expiresAt, liveUntil)
       VALUES (?, ?, ?, 'API', '192.0.2.17', ?, ?, ?, ?)`,
      [`known-${place}`, id, digestOf(secret), size.nowMs, size.nowMs, end, end],
    );
    known.push({ id, username: `user-${number}`, secret, busyTokenId });
  }
  return known;
}

async function evaluate({ connection }: ThrowawayMariadb, one: string, other: string) {
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT ${one} AS one, ${other} AS other`);
  return [String(rows[0]?.['one']), String(rows[0]?.['other'])] as const;
}

function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
