import { fileURLToPath } from 'node:url';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { type GraphqlRequest, graphql } from './graphql.js';
import { SETUP_CODE, type TestServer } from './latchkey.js';
import { freePort } from './programs/free-port.js';
import { type Mariadb, startMariadb } from './programs/mariadb.js';
import { Program } from './programs/program.js';
import { startRedis, type ThrowawayRedis } from './programs/redis.js';

const MAIN = fileURLToPath(new URL('../../packages/server/dist/main.js', import.meta.url));
const DATABASE = 'latchkey';

type Scalar = string | number;
/** Of a placeholder: a list for `IN (?)`, a list of rows for `VALUES ?`. */
type Value = Scalar | readonly Scalar[] | readonly (readonly Scalar[])[];

/** A server in a process of its own. */
export interface ClusterServer extends Pick<TestServer, 'url' | 'ask'> {
  readonly program: Program;
}

/** Servers that share one MariaDB and one Redis. */
export interface Cluster extends AsyncDisposable {
  readonly servers: readonly [ClusterServer, ClusterServer, ClusterServer];
  readonly mariadb: Mariadb;
  readonly redis: ThrowawayRedis;
  /** The first column of the first row that the database answers. */
  query(statement: string, values?: readonly Value[]): Promise<unknown>;
}

interface Settings {
  readonly env?: Readonly<Record<string, string>>;
  /** How far each server's own clock is off. */
  readonly clocksOffMs?: readonly number[];
}

/** Starts three servers, with a MariaDB and a Redis of their own. */
export async function startCluster(settings: Settings = {}): Promise<Cluster> {
  const parts: AsyncDisposable[] = [];
  const dispose = async () => {
    for (const part of parts.splice(0).reverse()) await part[Symbol.asyncDispose]();
  };
  try {
    return { ...(await startParts(settings, parts)), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function startParts(
  { env = {}, clocksOffMs = [] }: Settings,
  parts: AsyncDisposable[],
): Promise<Omit<Cluster, typeof Symbol.asyncDispose>> {
  const added = <Part extends AsyncDisposable>(part: Part): Part => {
    parts.push(part);
    return part;
  };
  const mariadb = added(await startMariadb());
  const redis = added(await startRedis());
  const databaseUrl = await mariadb.createDatabase(DATABASE);
  const startOne = async (index: number) => {
    const all = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, ...env };
    const server = await createServer(all, clocksOffMs[index]);
    await added(server.program).start();
    return server;
  };
  const servers = [await startOne(0), await startOne(1), await startOne(2)] as const;
  return { servers, mariadb, redis, query: added(openQuery(databaseUrl)).query };
}

/** Asks the database beside the servers. */
export function openQuery(databaseUrl: string): Pick<Cluster, 'query'> & AsyncDisposable {
  const pool = createPool({ uri: databaseUrl, connectionLimit: 2 });
  return {
    query: (statement, values = []) => firstValue(pool, statement, values),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/** A server that is not started yet. @param env of its process, its `DATABASE_URL` in it */
export async function createServer(
  env: Readonly<Record<string, string>>,
  clockOffMs = 0,
): Promise<ClusterServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = new Program(
    process.execPath,
    [...(clockOffMs === 0 ? [] : ['--import', wrongClock(clockOffMs)]), MAIN],
    async () => {
      const { ok } = await fetch(`${url}/readyz`);
      if (!ok) throw new Error('It is not ready.');
    },
    {
      PORT: String(port),
      LATCHKEY_SIGN_UPS: 'open',
      LATCHKEY_SETUP_CODE: SETUP_CODE,
      LATCHKEY_TOKENS_PER_HOUR: '1000000',
      LATCHKEY_LOG_LEVEL: 'warn',
      ...env,
    },
  );
  return {
    url,
    program,
    async ask<Data>(query: string, request?: GraphqlRequest) {
      const { data, errors } = await graphql<Data>(url, query, request);
      if (errors.length > 0) throw new Error(`Refused: ${JSON.stringify(errors)}`);
      return data as Data;
    },
  };
}

/** A module that sets a process's clock wrong. */
function wrongClock(byMs: number): string {
  return `data:text/javascript,${encodeURIComponent(
    `const now = Date.now; Date.now = () => now() + ${byMs};`,
  )}`;
}

async function firstValue(pool: Pool, statement: string, values: readonly Value[]) {
  const [rows] = await pool.query<RowDataPacket[]>(statement, [...values]);
  return Object.values(rows[0] ?? {})[0];
}
