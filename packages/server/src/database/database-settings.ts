import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

/** Where MySQL or MariaDB is, and as whom to sign in there. */
export interface MysqlAddress {
  readonly engine: 'mysql';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly name: string;
  /** For people; without the password. */
  readonly location: string;
}

/** The certificates of a TLS connection to the database, in PEM; without a CA the system's count. */
export interface DatabaseTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Which database to open, and how. */
export interface DatabaseSettings {
  readonly database: z.output<typeof databaseUrl>;
  /** Connections at most; MySQL alone has several. */
  readonly databasePool: number;
  readonly databaseTls: DatabaseTls | undefined;
}

/** A setting that is a whole number within bounds; the refusal names the bounds. */
export const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, error)
    .transform(Number)
    .pipe(z.number().min(min, error).max(max, error));
};

/** One of these words, in any letter case. */
export const word = <const Words extends readonly [string, string, ...string[]]>(words: Words) => {
  const error = `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return z.string().toLowerCase().pipe(z.enum(words, { error }));
};

const FORMS = 'must be sqlite:PATH, mysql://USER:PASSWORD@HOST:3306/NAME or mariadb:// likewise';

export const databaseUrl = z.string().transform((text, context) => {
  const path = /^sqlite:(.*)$/is.exec(text)?.[1]?.trim();
  const found = path === undefined ? mysqlAddress(text) : sqliteFile(path);
  if (typeof found !== 'string') return found;
  context.addIssue({ code: 'custom', message: found });
  return z.NEVER;
});

/** SQLite's file; or what is wrong with the path, which some programs take for more than a path. */
function sqliteFile(path: string) {
  if (path === '') return FORMS;
  if (path.includes('?')) {
    return 'must be sqlite:PATH alone: parameters after a ? are not supported';
  }
  if (/^(file:|:memory:$)/i.test(path)) {
    return "must be sqlite:PATH: the database is a file, and SQLite's special names are not supported";
  }
  if (/^\/\/(?!\/)/.test(path)) {
    return 'must be sqlite:PATH, such as sqlite:./data/latchkey.sqlite or sqlite:/var/lib/latchkey.sqlite';
  }
  if (/[/\\]$/.test(path)) return 'must name a file, not a folder';
  const file = resolve(path);
  return { engine: 'sqlite' as const, path: file, location: file };
}

export const redisUrl = z
  .string()
  .transform((text) => text.replace(/^rediss?:/i, (scheme) => scheme.toLowerCase()))
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, pathname } = new URL(text);
    return /^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d*)?$/.test(pathname);
  }, 'must be redis://HOST:6379, or rediss:// for TLS');

const pem = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    context.addIssue({ code: 'custom', message: 'names a file that cannot be read' });
    return z.NEVER;
  }
});

/** The settings of the database beside its address, by their variables. */
export const databaseSettings = {
  LATCHKEY_DATABASE_POOL: whole(2, 1000).default(10),
  LATCHKEY_DATABASE_TLS: word(['on', 'off']).default('off'),
  LATCHKEY_DATABASE_TLS_CA: pem.optional(),
  LATCHKEY_DATABASE_TLS_CERT: pem.optional(),
  LATCHKEY_DATABASE_TLS_KEY: pem.optional(),
};

interface TlsSettings {
  readonly LATCHKEY_DATABASE_TLS: 'on' | 'off';
  readonly LATCHKEY_DATABASE_TLS_CA?: string | undefined;
  readonly LATCHKEY_DATABASE_TLS_CERT?: string | undefined;
  readonly LATCHKEY_DATABASE_TLS_KEY?: string | undefined;
}

/** Certificates that nothing uses would leave their owner with a connection in clear. */
export function tlsMistakes(env: Partial<TlsSettings>): string[] {
  if (env.LATCHKEY_DATABASE_TLS !== 'off') return [];
  return TLS_FILES.filter((name) => env[name] !== undefined).map(
    (name) => `${name} needs LATCHKEY_DATABASE_TLS=on`,
  );
}

const TLS_FILES = [
  'LATCHKEY_DATABASE_TLS_CA',
  'LATCHKEY_DATABASE_TLS_CERT',
  'LATCHKEY_DATABASE_TLS_KEY',
] as const;

/** The certificates to connect with; undefined where the connection is in clear. */
export function databaseTls(env: TlsSettings): DatabaseTls | undefined {
  if (env.LATCHKEY_DATABASE_TLS === 'off') return undefined;
  return {
    ca: env.LATCHKEY_DATABASE_TLS_CA,
    cert: env.LATCHKEY_DATABASE_TLS_CERT,
    key: env.LATCHKEY_DATABASE_TLS_KEY,
  };
}

/** Where MySQL is; or what is wrong with the address, without any part of it. */
function mysqlAddress(text: string): MysqlAddress | string {
  if (!/^(mysql|mariadb):\/\//i.test(text) || !URL.canParse(text)) return FORMS;
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '') {
    return `${FORMS}: parameters after a ? or # are not supported`;
  }
  const [user, password, name] = [url.username, url.password, url.pathname.slice(1)].map(decoded);
  if (url.hostname === '' || !user || password === undefined) return FORMS;
  if (name === undefined || !/^[\w-]{1,64}$/.test(name)) return FORMS;
  const port = url.port === '' ? 3306 : Number(url.port);
  return {
    engine: 'mysql',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    user,
    password,
    name,
    location: `mysql://${url.hostname}:${port}/${name}`,
  };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
