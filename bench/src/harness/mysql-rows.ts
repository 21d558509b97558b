/**
 * The same rows as `seed-rows.ts`, as SQL for MariaDB, which makes them from its sequences: 20 tokens an account, five of
 * them live session tokens and two of them busy, with 50 uses each; an account's tokens and a token's uses lie scattered.
 */
export interface MysqlSize {
  readonly tokens: number;
  /** Below this everything was made. UTC milliseconds. */
  readonly nowMs: number;
}

const TOKENS_PER_ACCOUNT = 20;
const SESSION_TOKENS_PER_ACCOUNT = 5;
const BUSY_TOKENS_PER_ACCOUNT = 2;
const USES_PER_BUSY_TOKEN = 50;
const DAY_MS = 86_400_000;
/** Rows a statement: a transaction that is no larger than the log. */
const STEP = 250_000;

export const accountsIn = ({ tokens }: MysqlSize) => tokens / TOKENS_PER_ACCOUNT;
export const busyTokensIn = (size: MysqlSize) => accountsIn(size) * BUSY_TOKENS_PER_ACCOUNT;
const usesIn = (size: MysqlSize) => busyTokensIn(size) * USES_PER_BUSY_TOKEN;

/** The identifier of row `number`: version 7, made `ageDays` ago, each a little after the one before. */
function idSql({ nowMs }: MysqlSize, ageDays: number, spreadMs: number, number: string): string {
  const time = `(${nowMs - ageDays * DAY_MS} + FLOOR((${number}) * ${spreadMs}))`;
  const hex = (value: string, digits: number) => `LPAD(LOWER(HEX(${value})), ${digits}, '0')`;
  return `CONCAT(${hex(`${time} >> 16`, 8)}, '-', ${hex(`${time} & 65535`, 4)}, '-7000-8000-', ${hex(number, 12)})`;
}

export const accountId = (size: MysqlSize, number: string) => idSql(size, 400, 0.5, number);
export const tokenId = (size: MysqlSize, number: string) =>
  idSql(size, 300, (200 * DAY_MS) / size.tokens, number);
const sessionId = (size: MysqlSize, number: string) => idSql(size, 80, 10, number);
const useId = (size: MysqlSize, number: string) =>
  idSql(size, 60, (59 * DAY_MS) / usesIn(size), number);

const digest = (salt: string) => `LEFT(SHA2(CONCAT('${salt}', seq), 256), 43)`;

/** Statements that fill an empty, migrated database; each table's rows come in the order of their keys. */
export function seedStatements(size: MysqlSize, passwordHash: string): readonly string[] {
  const accounts = accountsIn(size);
  const sessions = accounts * SESSION_TOKENS_PER_ACCOUNT;
  const owner = accountId(size, `seq MOD ${accounts}`);
  return [
    ...steps(
      accounts,
      `INSERT INTO accounts (id, username, email, passwordHash, role, permissions, createdAt)
      SELECT ${accountId(size, 'seq')}, CONCAT('user-', seq), CONCAT('user-', seq, '@example.com'),
        '${passwordHash}', 'MEMBER', 7, ${size.nowMs - 400 * DAY_MS}`,
    ),
    ...steps(
      sessions,
      `INSERT INTO sessions (id, accountId, secretDigest, client, deviceId, deviceName, ipAddress,
        createdAt, lastSeenAt, expiresAt, liveUntil)
      SELECT ${sessionId(size, 'seq')}, ${owner}, ${digest('session ')}, 'DESKTOP', CONCAT('device-', seq),
        CONCAT('laptop ', seq), '192.0.2.17', ${size.nowMs - 80 * DAY_MS} + seq, ${size.nowMs},
        ${size.nowMs + 10 * DAY_MS}, ${size.nowMs + 9 * DAY_MS}`,
    ),
    ...steps(
      size.tokens,
      `INSERT INTO access_tokens (id, accountId, kind, description, descriptionFolded, hint, scopes,
        active, createdAt, sessionId, useCount)
      SELECT ${tokenId(size, 'seq')}, ${owner}, IF(seq < ${sessions}, 'SESSION', 'PERSONAL'),
        CONCAT('token ', seq), CONCAT('token ', seq), 'lkp_…0000', 7, 1, ${size.nowMs - 300 * DAY_MS} + seq,
        IF(seq < ${sessions}, ${sessionId(size, 'seq')}, NULL),
        IF(seq >= ${size.tokens - busyTokensIn(size)}, ${USES_PER_BUSY_TOKEN}, 0)`,
    ),
    ...steps(
      size.tokens,
      `INSERT INTO access_token_secrets (digest, accessTokenId, createdAt)
      SELECT ${digest('token ')} AS digest, ${tokenId(size, 'seq')}, ${size.nowMs - 300 * DAY_MS}`,
    ),
    ...useStatements(size),
  ];
}

/** Each a group of its own, as uses that lie far apart are. */
function useStatements(size: MysqlSize): readonly string[] {
  const uses = usesIn(size);
  const busy = busyTokensIn(size);
  const busyToken = tokenId(size, `${size.tokens - busy} + (seq MOD ${busy})`);
  const usedAt = `${size.nowMs - 60 * DAY_MS} + FLOOR(seq * ${(59 * DAY_MS) / uses})`;
  const resource = `CONCAT('/team/project-', seq MOD 1000, '.git/info/refs')`;
  return steps(
    uses,
    `INSERT INTO usage_groups (id, accessTokenId, accountId, outcome, oldestId, eventCount, events)
    SELECT ${useId(size, 'seq')} AS useId, ${busyToken}, ${accountId(size, `seq MOD ${accountsIn(size)}`)},
      IF(seq DIV ${busy} MOD 20 = 7, 'REFUSED', 'ALLOWED'), ${useId(size, 'seq')}, 1,
      JSON_ARRAY(JSON_ARRAY(${useId(size, 'seq')}, ${usedAt}, NULL, 'FORWARD_AUTH', 'GET', ${resource}, '192.0.2.17', 'git/2.47.1'))`,
  );
}

/** `insert` for the numbers 0 to `count` - 1, a part a statement. */
function steps(count: number, insert: string): string[] {
  const statements = [];
  for (let first = 0; first < count; first += STEP) {
    const last = Math.min(first + STEP, count) - 1;
    statements.push(`${insert} FROM seq_${first}_to_${last}`);
  }
  return statements;
}
