import { resolve } from 'node:path';
import { ConfigError, loadConfig } from '@latchkey/server';
import { expect, test } from 'vitest';

const SECRET = 'lkr_0123456789abcdefghijklmnopqrstuvwxyz';

function mistakes(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

test.each([
  [{ PORT: ' 5\n' }, { port: 5 }],
  [{ HOST: ' [::1] ' }, { host: '::1' }],
  [{ NODE_ENV: ' Production ' }, { explorer: false, introspection: false }],
  [{ LATCHKEY_SIGN_UPS: 'OPEN' }, { signUps: 'open' }],
  [{ LATCHKEY_EXPLORER: 'False\t' }, { explorer: false }],
  [
    { LATCHKEY_SESSION_TOKEN_PRUNE: 'Least-Recently-Used' },
    { sessionTokenPrune: 'least-recently-used' },
  ],
  [{ LATCHKEY_LOG_LEVEL: 'WARN' }, { logLevel: 'warn' }],
  [{ LATCHKEY_TOKENS_PER_HOUR: '  ' }, { tokensPerHour: 1000 }],
  [
    { LATCHKEY_PUBLIC_URL: 'HTTPS://Latchkey.Example.com/' },
    { publicUrl: 'https://latchkey.example.com' },
  ],
  [
    { DATABASE_URL: ' SQLite: x.sqlite\n' },
    { database: { engine: 'sqlite', path: resolve('x.sqlite'), location: resolve('x.sqlite') } },
  ],
  [{ DATABASE_URL: 'sqlite:///srv/x.sqlite' }, { database: { path: '/srv/x.sqlite' } }],
  [
    { DATABASE_URL: 'MySQL://u:p@db/latchkey', REDIS_URL: 'REDIS://redis/0 ' },
    { database: { engine: 'mysql', host: 'db' }, redisUrl: 'redis://redis/0' },
  ],
])('%j is taken in its obvious sense', (env, config) => {
  expect(loadConfig(env)).toMatchObject(config);
});

test('resource servers are read with white space around every part and a comma at the end', () => {
  const plain = loadConfig({ LATCHKEY_RESOURCE_SERVERS: `a:${SECRET},b:${SECRET}x` });

  const loose = loadConfig({ LATCHKEY_RESOURCE_SERVERS: ` a : ${SECRET},\n b:${SECRET}x , ,` });

  expect(loose.resourceServers).toEqual(plain.resourceServers);
});

type Case = [env: Record<string, string>, words: string];
const WHOLE = 'must be a whole number from 1 to 1000000';

test.each<Case>([
  ...['1e3', '0x10', '5.0', '+5', '-5', '1_000', '1,000', '5 5', '٥', '9'.repeat(30)].map(
    (value): Case => [{ LATCHKEY_TOKENS_PER_HOUR: value }, `LATCHKEY_TOKENS_PER_HOUR ${WHOLE}`],
  ),
  [{ NODE_ENV: 'prod' }, 'NODE_ENV must be production, development or test'],
  [{ LATCHKEY_INTROSPECTION: '1' }, 'LATCHKEY_INTROSPECTION must be true or false'],
  [{ HOST: 'localhost:4000' }, 'HOST must be an address or a host name alone'],
  [{ HOST: 'http://localhost' }, 'HOST must be an address or a host name alone'],
  [
    { DATABASE_URL: 'sqlite:x.sqlite?mode=rwc' },
    'DATABASE_URL must be sqlite:PATH alone: parameters',
  ],
  [{ DATABASE_URL: 'sqlite::memory:' }, 'DATABASE_URL must be sqlite:PATH: the database is a file'],
  [{ DATABASE_URL: 'sqlite:file:x' }, 'DATABASE_URL must be sqlite:PATH: the database is a file'],
  [{ DATABASE_URL: 'sqlite://data/x.sqlite' }, 'DATABASE_URL must be sqlite:PATH, such as'],
  [{ DATABASE_URL: 'sqlite:data/' }, 'DATABASE_URL must name a file, not a folder'],
  [{ DATABASE_URL: 'sqlite:' }, 'DATABASE_URL must be sqlite:PATH, mysql://'],
  [{ DATABASE_URL: '"sqlite:x"' }, 'DATABASE_URL must be sqlite:PATH, mysql://'],
  [{ DATABASE_URL: 'mysql://u:p@db/x?ssl=true' }, '3306/NAME or mariadb:// likewise: parameters'],
  [{ LATCHKEY_PUBLIC_URL: 'https://me@example.com' }, 'LATCHKEY_PUBLIC_URL must have no user'],
  [{ LATCHKEY_PUBLIC_URL: 'https://example.com/?a' }, 'LATCHKEY_PUBLIC_URL must have no user'],
  [{ LATCHKEY_REGISTRY_SERVICE: 'a", b="c' }, 'LATCHKEY_REGISTRY_SERVICE must have no "'],
  [{ LATCHKEY_REGISTRY_SERVICE: 'a\r\nb' }, 'LATCHKEY_REGISTRY_SERVICE must be of printable'],
  [{ Latchkey_Sign_Ups: 'open' }, 'Latchkey_Sign_Ups is not a setting of Latchkey'],
  [{ LATCHKEY_RESOURCE_SERVERS: SECRET }, 'entry 1 has no name and colon before its secret'],
  [{ LATCHKEY_RESOURCE_SERVERS: `a:${SECRET},API:${SECRET}` }, 'entry 2 has a name of other'],
  [{ LATCHKEY_RESOURCE_SERVERS: `a:${SECRET},a:${SECRET}x` }, 'entry 2 has the name a of one'],
  [{ LATCHKEY_RESOURCE_SERVERS: 'a:short-secret' }, 'entry 1 has a secret of fewer than 32'],
  [
    { LATCHKEY_RESOURCE_SERVERS: `a:${SECRET} b:${SECRET}` },
    'entry 1 has white space in its secret',
  ],
])('%j is refused, with what is wrong', (env, words) => {
  const found = mistakes(env);

  expect(found).toEqual([expect.stringContaining(words)]);
  expect(found[0]).not.toContain(SECRET);
  expect(found[0]).not.toContain('short-secret');
});
