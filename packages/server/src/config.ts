import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { DAY_MS } from './core/clock.js';
import { LOG_LEVELS } from './core/log.js';
import { parseIp } from './core/network.js';
import {
  databaseSettings,
  databaseTls,
  databaseUrl,
  redisUrl,
  tlsMistakes,
  whole,
  word,
} from './database/database-settings.js';
import { parseOrigin } from './http/addresses.js';
import { resourceServers } from './resource-servers/resource-servers-setting.js';

/** All that can be set, parsed and checked; nothing else reads the environment. */
export type Config = Readonly<z.output<typeof environment>>;

/** What is wrong with the environment: every mistake, one a line, each naming its variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly mistakes: readonly string[]) {
    super(`The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:
${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
  }
}

const days = (min: number) => whole(min, 36_500).transform((value) => value * DAY_MS);
const flag = word(['true', 'false']).transform((value) => value === 'true');

const trustedProxies = z.string().transform((text, context) => {
  const list = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry !== '' && !addToList(list, entry)) {
      context.addIssue({
        code: 'custom',
        message: `"${entry}" is neither an address nor a network`,
      });
    }
  }
  return list;
});

function addToList(list: BlockList, entry: string): boolean {
  const [written = '', writtenBits, ...rest] = entry.split('/');
  const address = parseIp(written);
  if (address === undefined || rest.length > 0) return false;
  // A network of IPv4-mapped addresses is one of IPv4.
  const mapped = isIP(written) === 6 && isIP(address) === 4;
  const bits = mapped && Number(writtenBits) >= 96 ? String(Number(writtenBits) - 96) : writtenBits;
  const version = isIP(address);
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) {
    list.addAddress(address, family);
    return true;
  }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (version === 6 ? 128 : 32)) return false;
  list.addSubnet(address, Number(bits), family);
  return true;
}

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://registry.example.com' })
  .transform((text) => new URL(text))
  .refine(
    ({ search, hash, username, password }) => !(search || hash || username || password),
    'must have no user, parameters or fragment',
  )
  .transform(({ origin, pathname }) => `${origin}${pathname}`.replace(/\/+$/, ''));

/** A registry's name as it stands in an image's name, such as `registry.example.com` or `localhost:5000`. */
const registryHost = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i,
    'must be a host such as registry.example.com or localhost:5000, without https://',
  );

/** What stands between quotes in the header that sends docker to the endpoint. */
const registryName = z
  .string()
  .max(200, 'must have 200 characters or fewer')
  .regex(/^[\x20-\x7e]*$/, 'must be of printable ASCII characters')
  .regex(/^[^"\\]*$/, 'must have no " and no \\');

/** An address or a name to listen on, an IPv6 address in brackets or without. */
const host = z
  .string()
  .transform((text) => text.replace(/^\[(.*)\]$/, '$1'))
  .refine(
    (text) => isIP(text) !== 0 || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(text),
    'must be an address or a host name alone, such as 127.0.0.1, :: or localhost; the port is PORT',
  );

/** As browsers send it, whichever way it was written. */
const origin = z.string().transform((text, context) => {
  const parsed = parseOrigin(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({
    code: 'custom',
    message: `must be origins such as https://latchkey.example.com, without a path; "${text}" is none`,
  });
  return z.NEVER;
});

const settings = z.object({
  PORT: whole(0, 65_535).default(4000),
  HOST: host.default('127.0.0.1'),
  DATABASE_URL: databaseUrl.prefault('sqlite:./data/latchkey.sqlite'),
  ...databaseSettings,
  REDIS_URL: redisUrl.optional(),
  NODE_ENV: word(['production', 'development', 'test']).default('development'),
  LATCHKEY_SIGN_UPS: word(['open', 'closed']).default('closed'),
  LATCHKEY_SETUP_CODE: z
    .string()
    .regex(/^\S{12,128}$/, 'must have 12 to 128 characters and no white space')
    .optional(),
  LATCHKEY_SESSION_IDLE_DAYS: days(1).default(30 * DAY_MS),
  LATCHKEY_SESSION_MAX_DAYS: days(1).default(90 * DAY_MS),
  LATCHKEY_SESSION_TOKEN_PRUNE: word(['oldest', 'least-recently-used']).default('oldest'),
  LATCHKEY_TOKEN_MAX_DAYS: days(1).optional(),
  LATCHKEY_TOKENS_PER_ACCOUNT: whole(1, 1_000_000).default(10_000),
  LATCHKEY_TOKENS_PER_HOUR: whole(1, 1_000_000).default(1000),
  LATCHKEY_TOMBSTONE_DAYS: days(1).default(90 * DAY_MS),
  LATCHKEY_USAGE_DAYS: days(1).default(90 * DAY_MS),
  LATCHKEY_USAGE_MAX_MB: whole(1, 1_000_000_000).optional(),
  LATCHKEY_SIGN_UPS_PER_HOUR: whole(1, 1_000_000).default(30),
  LATCHKEY_SIGN_IN_FAILURES: whole(3, 1000).default(10),
  LATCHKEY_CONNECTIONS: whole(10, 1_000_000).default(10_000),
  LATCHKEY_CONNECTIONS_PER_ADDRESS: whole(1, 1_000_000).default(1000),
  LATCHKEY_CONNECTIONS_PER_ACCOUNT: whole(1, 10_000).default(50),
  LATCHKEY_TRUSTED_PROXIES: trustedProxies.prefault(''),
  LATCHKEY_ORIGINS: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(origin))
    .prefault(''),
  LATCHKEY_INTROSPECTION: flag.optional(),
  LATCHKEY_EXPLORER: flag.optional(),
  LATCHKEY_PUBLIC_URL: httpUrl.optional(),
  LATCHKEY_REGISTRY_SERVICE: registryName.optional(),
  LATCHKEY_REGISTRY_ISSUER: registryName.optional(),
  LATCHKEY_REGISTRY_URL: httpUrl.optional(),
  LATCHKEY_REGISTRY_HOST: registryHost.optional(),
  LATCHKEY_REGISTRY_KEYS: z.string().min(1).optional(),
  LATCHKEY_RESOURCE_SERVERS: resourceServers.optional(),
  LATCHKEY_LOG_LEVEL: word(LOG_LEVELS).default('info'),
});

/** A file beside others on one disk has a bound; a database server's room is its administrator's matter. */
const SQLITE_USAGE_MAX_MB = 4096;

function usageMaxBytes(env: Settings): number | undefined {
  const isFile = env.DATABASE_URL.engine === 'sqlite';
  const megabytes = env.LATCHKEY_USAGE_MAX_MB ?? (isFile ? SQLITE_USAGE_MAX_MB : undefined);
  return megabytes === undefined ? undefined : megabytes * 1_000_000;
}

const environment = settings.transform((env) => {
  const development = env.NODE_ENV !== 'production';
  return {
    port: env.PORT,
    host: env.HOST,
    database: env.DATABASE_URL,
    databasePool: env.LATCHKEY_DATABASE_POOL,
    databaseTls: databaseTls(env),
    redisUrl: env.REDIS_URL,
    signUps: env.LATCHKEY_SIGN_UPS,
    setupCode: env.LATCHKEY_SETUP_CODE,
    sessionIdleMs: env.LATCHKEY_SESSION_IDLE_DAYS,
    sessionMaxMs: env.LATCHKEY_SESSION_MAX_DAYS,
    sessionTokenPrune: env.LATCHKEY_SESSION_TOKEN_PRUNE,
    signUpsPerHour: env.LATCHKEY_SIGN_UPS_PER_HOUR,
    tokenMaxMs: env.LATCHKEY_TOKEN_MAX_DAYS,
    tokensPerAccount: env.LATCHKEY_TOKENS_PER_ACCOUNT,
    tokensPerHour: env.LATCHKEY_TOKENS_PER_HOUR,
    tombstoneMs: env.LATCHKEY_TOMBSTONE_DAYS,
    usageMs: env.LATCHKEY_USAGE_DAYS,
    usageMaxBytes: usageMaxBytes(env),
    signInFailures: env.LATCHKEY_SIGN_IN_FAILURES,
    connections: env.LATCHKEY_CONNECTIONS,
    connectionsPerAddress: env.LATCHKEY_CONNECTIONS_PER_ADDRESS,
    connectionsPerAccount: env.LATCHKEY_CONNECTIONS_PER_ACCOUNT,
    trustedProxies: env.LATCHKEY_TRUSTED_PROXIES,
    origins: env.LATCHKEY_ORIGINS,
    introspection: env.LATCHKEY_INTROSPECTION ?? development,
    explorer: env.LATCHKEY_EXPLORER ?? development,
    publicUrl: env.LATCHKEY_PUBLIC_URL,
    registry: env.LATCHKEY_REGISTRY_SERVICE
      ? {
          service: env.LATCHKEY_REGISTRY_SERVICE,
          issuer: env.LATCHKEY_REGISTRY_ISSUER ?? 'latchkey',
          url: env.LATCHKEY_REGISTRY_URL,
          host: env.LATCHKEY_REGISTRY_HOST,
          keysFolder: env.LATCHKEY_REGISTRY_KEYS,
        }
      : undefined,
    resourceServers: env.LATCHKEY_RESOURCE_SERVERS ?? [],
    logLevel: env.LATCHKEY_LOG_LEVEL,
  };
});

type Settings = z.output<typeof settings>;

const KNOWN = new Set(Object.keys(settings.shape));

/**
 * The configuration that `env` describes. White space around a value is not part of it, and an empty value is none.
 * @throws ConfigError with every mistake at once, unknown `LATCHKEY_` variables among them.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const unknown = Object.keys(set)
    .filter((name) => /^latchkey_/i.test(name) && !KNOWN.has(name))
    .map((name) => `${name} is not a setting of Latchkey`);
  const parsed = environment.safeParse(set);
  const wrong = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
  wrong.push(...mistakesBetween(rightOnes(set)));
  for (const name of Object.keys(set).filter((name) => name.startsWith('LATCHKEY_REGISTRY_'))) {
    if (KNOWN.has(name) && set['LATCHKEY_REGISTRY_SERVICE'] === undefined) {
      wrong.push(`${name} needs LATCHKEY_REGISTRY_SERVICE, the registry's name for itself`);
    }
  }
  if (!parsed.success || wrong.length > 0 || unknown.length > 0) {
    throw new ConfigError([...wrong, ...unknown]);
  }
  return parsed.data;
}

/** Those settings that are right by themselves. */
function rightOnes(set: Readonly<Record<string, string | undefined>>): Partial<Settings> {
  const right = Object.entries(settings.shape).flatMap(([name, setting]) => {
    const { success, data } = setting.safeParse(set[name]);
    return success ? [[name, data] as const] : [];
  });
  return Object.fromEntries(right);
}

/** What is wrong with settings together that are right by themselves, whatever else is wrong. */
function mistakesBetween(env: Partial<Settings>): string[] {
  const { DATABASE_URL: database, LATCHKEY_SESSION_IDLE_DAYS: idleMs = 0 } = env;
  const wrong = tlsMistakes(env);
  if (idleMs > (env.LATCHKEY_SESSION_MAX_DAYS ?? Infinity)) {
    wrong.push('LATCHKEY_SESSION_IDLE_DAYS must not be above LATCHKEY_SESSION_MAX_DAYS');
  }
  if (env.REDIS_URL && database?.engine === 'sqlite') {
    wrong.push(
      'REDIS_URL needs a DATABASE_URL of MySQL or MariaDB: SQLite serves one server alone',
    );
  }
  const namesHost = database?.engine === 'mysql' && isIP(database.host) === 0;
  if (env.LATCHKEY_DATABASE_TLS === 'on' && database && !namesHost) {
    wrong.push('LATCHKEY_DATABASE_TLS=on needs a DATABASE_URL with a host name to check');
  }
  return wrong;
}
