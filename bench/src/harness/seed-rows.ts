/**
 * The rows of a database of any size, as SQL over a row's number, so that SQLite makes millions of them by itself. However
 * many there are, the accounts are alike: 20 tokens each, five of them live session tokens, and two busy ones with 50 uses
 * each. An account's tokens and a token's uses lie scattered over their tables, as time scatters them.
 */
export interface Size {
  readonly tokens: number;
  /** Below this everything was made, above it nothing. UTC milliseconds. */
  readonly nowMs: number;
}

const TOKENS_PER_ACCOUNT = 20;
export const SESSION_TOKENS_PER_ACCOUNT = 5;
const BUSY_TOKENS_PER_ACCOUNT = 2;
const USES_PER_BUSY_TOKEN = 50;
const DAY_MS = 86_400_000;
const CALLER = `'192.0.2.17'`;
const PROGRAM = `'git/2.47.1'`;

export function accountsIn({ tokens }: Size): number {
  return tokens / TOKENS_PER_ACCOUNT;
}

export function usesIn(size: Size): number {
  return accountsIn(size) * BUSY_TOKENS_PER_ACCOUNT * USES_PER_BUSY_TOKEN;
}

/** The identifier of row `number`: version 7, made `ageDays` ago, each a little after the one before. */
function idSql({ nowMs }: Size, ageDays: number, spreadMs: number, number: string): string {
  const time = `(${nowMs - ageDays * DAY_MS} + CAST(${number} * ${spreadMs} AS INTEGER))`;
  return `printf('%08x-%04x-7000-8000-%012x', ${time} >> 16, ${time} & 65535, ${number})`;
}

export const accountId = (size: Size, number: string) => idSql(size, 400, 0.5, number);
export const tokenId = (size: Size, number: string) => idSql(size, 300, 20_000, number);
const sessionId = (size: Size, number: string) => idSql(size, 80, 10, number);
const useId = (size: Size, number: string) => idSql(size, 60, (59 * DAY_MS) / usesIn(size), number);

const randomDigest = 'substr(hex(randomblob(22)), 1, 43)';

function numbers(count: number): string {
  return `WITH RECURSIVE row(number) AS (
    SELECT 0 UNION ALL SELECT number + 1 FROM row WHERE number < ${count - 1})`;
}

/** Statements that fill an empty, migrated database; each table's rows come in the order of their keys. */
export function seedStatements(size: Size, passwordHash: string): readonly string[] {
  const accounts = accountsIn(size);
  const sessions = accounts * SESSION_TOKENS_PER_ACCOUNT;
  const owner = accountId(size, `(row.number % ${accounts})`);
  return [
    `${numbers(accounts)} INSERT INTO accounts (id, username, email, passwordHash, role, permissions, createdAt)
     SELECT ${accountId(size, 'number')}, 'user-' || number, 'user-' || number || '@example.com',
       '${passwordHash}', 'MEMBER', 7, ${size.nowMs - 400 * DAY_MS} FROM row`,

    `${numbers(sessions)} INSERT INTO sessions (id, accountId, secretDigest, client, deviceId, deviceName, ipAddress,
       createdAt, lastSeenAt, expiresAt, liveUntil)
     SELECT ${sessionId(size, 'number')}, ${owner}, ${randomDigest}, 'DESKTOP', 'device-' || number,
       'laptop ' || number, ${CALLER}, ${size.nowMs - 80 * DAY_MS} + number, ${size.nowMs},
       ${size.nowMs + 10 * DAY_MS}, ${size.nowMs + 9 * DAY_MS} FROM row`,

    `${numbers(size.tokens)} INSERT INTO access_tokens (id, accountId, kind, description, descriptionFolded, hint,
       scopes, active, createdAt, sessionId, useCount)
     SELECT ${tokenId(size, 'number')}, ${owner}, CASE WHEN number < ${sessions} THEN 'SESSION' ELSE 'PERSONAL' END,
       'token ' || number, 'token ' || number, 'lkp_…0000', 7, 1, ${size.nowMs - 300 * DAY_MS} + number,
       CASE WHEN number < ${sessions} THEN ${sessionId(size, 'number')} END,
       CASE WHEN number >= ${size.tokens - busyTokens(size)} THEN ${USES_PER_BUSY_TOKEN} ELSE 0 END FROM row`,

    `INSERT INTO access_token_secrets (digest, accessTokenId, createdAt)
     SELECT ${randomDigest} AS digest, id, createdAt FROM access_tokens ORDER BY digest`,

    ...useStatements(size, owner),
  ];
}

function busyTokens(size: Size): number {
  return accountsIn(size) * BUSY_TOKENS_PER_ACCOUNT;
}

/** Each a group of its own, as uses that lie far apart are. */
function useStatements(size: Size, owner: string): readonly string[] {
  const uses = usesIn(size);
  const busy = busyTokens(size);
  const isRefused = `number / ${busy} % 20 = 7`;
  const usedAt = `${size.nowMs - 60 * DAY_MS} + CAST(number * ${(59 * DAY_MS) / uses} AS INTEGER)`;
  const reason = `CASE WHEN ${isRefused} THEN 'This token lacks WRITE.' END`;
  const resource = `'/team/project-' || (number % 1000) || '.git/info/refs'`;
  return [
    `${numbers(uses)} INSERT INTO usage_groups (id, accessTokenId, accountId, outcome, oldestId, eventCount, events)
     SELECT ${useId(size, 'number')}, ${tokenId(size, `(${size.tokens - busy} + row.number % ${busy})`)}, ${owner},
       CASE WHEN ${isRefused} THEN 'REFUSED' ELSE 'ALLOWED' END, ${useId(size, 'number')}, 1,
       json_array(json_array(${useId(size, 'number')}, ${usedAt}, ${reason}, 'FORWARD_AUTH', 'GET', ${resource}, ${CALLER}, ${PROGRAM}))
     FROM row`,
  ];
}
