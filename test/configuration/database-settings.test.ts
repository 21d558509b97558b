import { ConfigError, loadConfig } from '@latchkey/server';
import { expect, test } from 'vitest';

function mistakes(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

test('every mistake about the database is reported at once, and none of them repeats the password', () => {
  const found = mistakes({
    DATABASE_URL: 'mysql://latchkey:hunter2@db.example.com',
    REDIS_URL: 'http://redis',
    LATCHKEY_DATABASE_POOL: '1',
    LATCHKEY_DATABASE_TLS: 'maybe',
    LATCHKEY_DATABASE_TLS_CA: '/nowhere/ca.pem',
  });
  expect(found.map((line) => line.split(' ')[0])).toEqual([
    'DATABASE_URL',
    'LATCHKEY_DATABASE_POOL',
    'LATCHKEY_DATABASE_TLS',
    'LATCHKEY_DATABASE_TLS_CA',
    'REDIS_URL',
  ]);
  expect(found.join()).not.toContain('hunter2');
});

test.each(['mysql://u:p%40ss@db:3307/latchkey', 'mariadb://u:p%40ss@db:3307/latchkey'])(
  '%s is understood',
  (url) => {
    const { database } = loadConfig({ DATABASE_URL: url });
    expect(database).toEqual({
      engine: 'mysql',
      host: 'db',
      port: 3307,
      user: 'u',
      password: 'p@ss',
      name: 'latchkey',
      location: 'mysql://db:3307/latchkey',
    });
  },
);

test('what could not have any effect is a mistake', () => {
  const ca = import.meta.filename;
  const address = { DATABASE_URL: 'mysql://u:p@10.0.0.1/latchkey', LATCHKEY_DATABASE_TLS: 'on' };
  expect(mistakes(address)[0]).toContain('host name');
  expect(mistakes({ REDIS_URL: 'redis://redis:6379' })[0]).toContain('SQLite');
  expect(mistakes({ LATCHKEY_DATABASE_TLS_CA: ca })).toEqual([
    'LATCHKEY_DATABASE_TLS_CA needs LATCHKEY_DATABASE_TLS=on',
  ]);
});
