import { setTimeout as sleep } from 'node:timers/promises';
import type { RowDataPacket } from 'mysql2/promise';
import { startContender } from '../harness/measured-server.js';
import { type MysqlSeed, seedMysql } from '../harness/mysql-seed.js';
import { PASSWORD, type Seed } from '../harness/seed.js';
import { missingPrograms, startMariadb, type ThrowawayMariadb } from '../harness/throwaway.js';
import { atLeast, atMost, type Section, skipped } from '../report.js';
import { graphqlRequest } from './requests.js';
import type { Scale } from './scale.js';

const TITLE = 'MariaDB: the index of every statement';
const BUFFER_POOL_MIB = 1024;
/** Longer than housekeeping and the aggregation pause. */
const BACKGROUND_MS = 2000;
/** These grow with use; the others hold a row a server, an account's namespace, or what is aggregated next. */
const GROWING = [
  'accounts',
  'sessions',
  'access_tokens',
  'access_token_secrets',
  'usage_groups',
  'locks',
];
const ORDERS = [
  'CREATED_AT_DESC',
  'CREATED_AT_ASC',
  'LAST_USED_AT_DESC',
  'EXPIRES_AT_ASC',
  'DESCRIPTION_ASC',
];
const SIGN_IN =
  'mutation ($input: SignInInput!) { signIn(input: $input) { session { id } accessToken { id } } }';

interface Plan {
  readonly statement: string;
  readonly table: string;
  readonly access: string;
  readonly index: string;
  readonly rows: number;
}

/** Which index each statement uses that sign-in, listing, usage and verification really make, at full size. */
export async function measurePlans(_seed: Seed, scale: Scale): Promise<Section> {
  const missing = missingPrograms();
  if (missing.length > 0) return skipped(TITLE, `not installed: ${missing.join(', ')}`);
  await using mariadb = await startMariadb(BUFFER_POOL_MIB);
  const begunAt = performance.now();
  const seed = await seedMysql(mariadb, scale.largeTokens);
  const seedSeconds = (performance.now() - begunAt) / 1000;
  const statements = await statementsOf(mariadb, seed);
  const plans: Plan[] = [];
  for (const statement of statements) plans.push(...(await explain(mariadb, statement)));
  const scans = plans.filter(
    ({ table, access }) => GROWING.includes(table) && (access === 'ALL' || access === 'index'),
  );
  return {
    title: TITLE,
    method: [
      `${seed.tokenCount} tokens and ${5 * seed.tokenCount} uses, seeded in ${seedSeconds.toFixed(0)} s. The statements are those that the server sent while`,
      'somebody signed in, listed and deleted tokens in every order and looked at uses, and while housekeeping ran.',
    ],
    columns: ['statement', 'table', 'access', 'index', 'rows'],
    rows: plans.map(({ statement, table, access, index, rows }) => [
      shortened(statement),
      table,
      access,
      index,
      rows,
    ]),
    targets: [
      atLeast('statements explained', statements.length, 20),
      atMost('reads of a whole table that grows', scans.length, 0),
    ],
  };
}

/** Every kind of statement that the server makes, once each, with real values in it. */
async function statementsOf({ connection, databaseUrl }: ThrowawayMariadb, seed: MysqlSeed) {
  await using server = await startContender('latchkey-on-mysql', databaseUrl);
  await connection.query("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = ON");
  await useEverything(server.url, seed);
  await sleep(BACKGROUND_MS);
  await connection.query('SET GLOBAL general_log = OFF');
  const [logged] = await connection.query<RowDataPacket[]>(
    `SELECT CONVERT(argument USING utf8mb4) AS statement FROM mysql.general_log
     WHERE command_type IN ('Query', 'Execute') AND user_host LIKE '%latchkey%'`,
  );
  const byKind = new Map<string, string>();
  for (const { statement } of logged) {
    if (!/^\s*(SELECT|UPDATE|DELETE|INSERT[\s\S]* SELECT)\b/i.test(statement)) continue;
    // With its placeholders it is logged where it was prepared, or could not be executed.
    if (!/\b(FROM|UPDATE)\b/i.test(statement) || statement.includes('?')) continue;
    byKind.set(kindOf(statement), statement);
  }
  return [...byKind.values()];
}

/** The statement without its values. */
function kindOf(statement: string): string {
  return statement
    .replace(/'[^']*'/g, '?')
    .replace(/\b\d+\b/g, '?')
    .replace(/(\?\s*,\s*)+\?/g, '?');
}

async function useEverything(url: string, { tokens, accounts }: MysqlSeed): Promise<void> {
  const [account] = accounts;
  const ask = async (query: string, variables: object, secret?: string) => {
    const { path, ...request } = graphqlRequest(query, variables, secret);
    const response = await fetch(`${url}${path}`, request as RequestInit);
    const body = await response.text();
    if (!response.ok || body.includes('"errors"')) throw new Error(`It was answered ${body}`);
  };
  for (const { secret } of tokens.slice(0, 20)) {
    await fetch(`${url}/auth/verify`, { headers: { authorization: `Bearer ${secret}` } });
  }
  const device = { id: 'a device', name: 'a laptop' };
  const input = { username: account?.username, password: PASSWORD, client: 'DESKTOP', device };
  await ask(SIGN_IN, { input });
  await ask(SIGN_IN, { input });
  const asOwner = (query: string, variables: object = {}) => ask(query, variables, account?.secret);
  const node = 'node { id useCount lastUsedAt }';
  for (const orderBy of ORDERS) {
    await asOwner(
      `{ accessTokens(first: 5, orderBy: ${orderBy}) { totalCount activeCount edges { cursor ${node} } } }`,
    );
  }
  await asOwner(`{ accessTokens(filter: { search: "token 1" }) { totalCount edges { ${node} } } }`);
  await asOwner('{ sessions { id } viewer { account { username } } }');
  const id = account?.busyTokenId;
  await asOwner('{ usageEvents { edges { node { id } } } }');
  await asOwner(
    'query ($id: ID!) { usageEvents(filter: { accessTokenId: $id, outcome: REFUSED }) { edges { node { id } } } }',
    { id },
  );
  await asOwner(
    'query ($id: ID!) { accessToken(id: $id) { usageByDay(days: 3) { allowed } recentCallers(days: 60) { useCount } } }',
    { id },
  );
  await asOwner('mutation ($id: ID!) { deleteAccessTokens(ids: [$id]) }', { id });
}

async function explain({ connection }: ThrowawayMariadb, statement: string): Promise<Plan[]> {
  const [rows] = await connection.query<RowDataPacket[]>(`EXPLAIN ${statement}`);
  const names = new Map(
    [...statement.matchAll(/(?:FROM|JOIN|UPDATE|INTO)\s+`?(\w+)`?\s+(?:AS\s+)?`?(\w+)`?/gi)].map(
      ([, table = '', alias = '']) => [alias, table],
    ),
  );
  return rows
    .filter(({ table }) => table !== null && !String(table).startsWith('<'))
    .map((row) => ({
      statement,
      table: names.get(row['table']) ?? row['table'],
      access: row['type'] ?? '',
      index: row['key'] ?? 'none',
      rows: Number.parseInt(row['rows'] ?? '0', 10),
    }));
}

function shortened(statement: string): string {
  return kindOf(statement)
    .replace(/\s+/g, ' ')
    .replace(/^SELECT .*? FROM/i, 'SELECT … FROM')
    .replaceAll('|', '')
    .slice(0, 90);
}
