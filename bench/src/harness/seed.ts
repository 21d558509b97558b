import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, loadConfig } from '@latchkey/server';
import { makeSecret, type SecretKind } from '@latchkey/shared';
import { hash as hashPassword } from '@node-rs/argon2';
import Libsql from 'libsql';
import {
  accountId,
  accountsIn,
  SESSION_TOKENS_PER_ACCOUNT,
  type Size,
  seedStatements,
  tokenId,
  usesIn,
} from './seed-rows.js';

const KNOWN_TOKENS = 2000;
const KNOWN_ACCOUNTS = 500;
const SEED_LIMIT_MS = 300_000;
export const PASSWORD = 'a long enough password';

export interface KnownToken {
  readonly secret: string;
  readonly accountId: string;
}

interface KnownAccount {
  readonly id: string;
  readonly username: string;
  /** A session's. */
  readonly secret: string;
  /** A token with 50 uses. */
  readonly busyTokenId: string;
}

/** A database to measure with, and what of it the load knows. */
export interface Seed extends AsyncDisposable {
  readonly databasePath: string;
  readonly tokenCount: number;
  readonly useCount: number;
  /** In rotation: spread evenly over the accounts and over the table. */
  readonly tokens: readonly KnownToken[];
  readonly accounts: readonly KnownAccount[];
  /** The same again, in files of its own. */
  copy(): Promise<Seed>;
}

/** A migrated database with `tokens` tokens and five times as many uses. */
export async function seed(tokens: number): Promise<Seed> {
  const folder = temporaryFolder();
  const databasePath = join(folder, 'latchkey.sqlite');
  const size: Size = { tokens, nowMs: Date.now() };
  await migrate(databasePath);
  // As cheap as Argon2id gets, so that a sign-in's time is the database's and not the password's.
  const passwordHash = await hashPassword(PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  const database = new Libsql(databasePath);
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -200000');
  const startedAt = performance.now();
  for (const statement of seedStatements(size, passwordHash)) {
    if (performance.now() - startedAt > SEED_LIMIT_MS) throw new Error('Seeding takes too long.');
    database.exec(statement);
  }
  const known = { tokens: knowTokens(database, size), accounts: knowAccounts(database, size) };
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  return seedIn(folder, { databasePath, tokenCount: tokens, useCount: usesIn(size), ...known });
}

function seedIn(folder: string, content: Omit<Seed, 'copy' | typeof Symbol.asyncDispose>): Seed {
  return {
    ...content,
    async copy() {
      const copyFolder = temporaryFolder();
      const databasePath = join(copyFolder, 'latchkey.sqlite');
      await copyFile(content.databasePath, databasePath);
      return seedIn(copyFolder, { ...content, databasePath });
    },
    [Symbol.asyncDispose]: async () => remove(folder),
  };
}

/** Gone with the process at the latest, however that ends. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  process.once('exit', () => remove(folder));
  return folder;
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

async function migrate(databasePath: string): Promise<void> {
  const env = { PORT: '0', DATABASE_URL: `sqlite:${databasePath}`, LATCHKEY_LOG_LEVEL: 'silent' };
  const server = await createServer(loadConfig(env));
  await server.close();
}

type Database = InstanceType<typeof Libsql>;

/** Gives tokens that lie evenly among the personal ones a secret that the load knows. */
function knowTokens(database: Database, size: Size): KnownToken[] {
  const accounts = accountsIn(size);
  const first = accounts * SESSION_TOKENS_PER_ACCOUNT;
  const give = database.prepare(
    'UPDATE access_token_secrets SET digest = ? WHERE accessTokenId = ?',
  );
  return Array.from({ length: KNOWN_TOKENS }, (_, place) => {
    const number = first + Math.floor((place * (size.tokens - first)) / KNOWN_TOKENS);
    const secret = newSecret('PERSONAL');
    give.run([digestOf(secret), evaluate(database, tokenId(size, String(number)))]);
    return { secret, accountId: evaluate(database, accountId(size, String(number % accounts))) };
  });
}

/** Opens a session whose secret the load knows for accounts that lie evenly among all. */
function knowAccounts(database: Database, size: Size): KnownAccount[] {
  const accounts = accountsIn(size);
  const open = database.prepare(`INSERT INTO sessions
    (id, accountId, secretDigest, client, ipAddress, createdAt, lastSeenAt, expiresAt, liveUntil)
    VALUES (?, ?, ?, 'API', '192.0.2.17', ?, ?, ?, ?)`);
  return Array.from({ length: KNOWN_ACCOUNTS }, (_, place) => {
    const number = Math.floor((place * accounts) / KNOWN_ACCOUNTS);
    const secret = newSecret('SESSION');
    const { nowMs } = size;
    const end = nowMs + 86_400_000;
    const id = evaluate(database, accountId(size, String(number)));
    open.run([`known-${place}`, id, digestOf(secret), nowMs, nowMs, end, end]);
    return {
      id,
      username: `user-${number}`,
      secret,
      busyTokenId: evaluate(database, tokenId(size, String(size.tokens - accounts + number))),
    };
  });
}

function evaluate(database: Database, expression: string): string {
  return (database.prepare(`SELECT ${expression} AS value`).get() as { value: string }).value;
}

/** A well-formed secret of ours. */
export function newSecret(kind: SecretKind): string {
  return makeSecret(kind, randomBytes);
}

function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
