import { ConfigError, loadConfig } from '@latchkey/server';
import { expect, test } from 'vitest';
import { makeHome } from '../support/process.js';

function mistakes(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

test('every mistake is named at once, with its variable', () => {
  const found = mistakes({
    PORT: '4000a',
    LATCHKEY_SIGN_UPS: 'maybe',
    LATCHKEY_TRUSTED_PROXIES: '10.0.0.0/8,the proxy',
    LATCHKEY_LOG_LEVEL: 'loud',
    LATCHKEY_SESION_IDLE_DAYS: '3',
  });

  expect(found).toHaveLength(5);
  for (const name of [
    'PORT',
    'LATCHKEY_SIGN_UPS',
    'LATCHKEY_TRUSTED_PROXIES',
    'LATCHKEY_LOG_LEVEL',
  ]) {
    expect(found.join('\n')).toContain(name);
  }
  expect(found).toContain('LATCHKEY_SESION_IDLE_DAYS is not a setting of Latchkey');
});

test.each([
  [{ PORT: '65536' }, 'PORT'],
  [{ PORT: '-1' }, 'PORT'],
  [{ DATABASE_URL: 'postgres://localhost/latchkey' }, 'DATABASE_URL'],
  [{ LATCHKEY_SESSION_IDLE_DAYS: '0' }, 'LATCHKEY_SESSION_IDLE_DAYS'],
  [{ LATCHKEY_SESSION_IDLE_DAYS: '91' }, 'LATCHKEY_SESSION_IDLE_DAYS'],
  [{ LATCHKEY_TRUSTED_PROXIES: '10.0.0.0/33' }, 'LATCHKEY_TRUSTED_PROXIES'],
  [{ LATCHKEY_INTROSPECTION: 'yes' }, 'LATCHKEY_INTROSPECTION'],
  [{ LATCHKEY_ORIGINS: 'https://one.example,two' }, 'LATCHKEY_ORIGINS must'],
])('%j is refused', (env, name) => {
  expect(mistakes(env).join('\n')).toContain(name);
});

test.each(['x', '0', '1001'])('a number of %s is answered with its bounds', (value) => {
  const found = mistakes({ LATCHKEY_SIGN_IN_FAILURES: value, LATCHKEY_DATABASE_POOL: value });

  expect(found).toEqual(
    expect.arrayContaining([
      'LATCHKEY_SIGN_IN_FAILURES must be a whole number from 3 to 1000',
      'LATCHKEY_DATABASE_POOL must be a whole number from 2 to 1000',
    ]),
  );
});

test('what is wrong between settings is named beside what is wrong with one', () => {
  const found = mistakes({
    PORT: 'x',
    LATCHKEY_SESSION_IDLE_DAYS: '91',
    REDIS_URL: 'redis://127.0.0.1',
    LATCHKEY_DATABASE_TLS: 'on',
    LATCHKEY_REGISTRY_URL: 'https://registry.example.com',
  });
  const names = ['PORT', 'LATCHKEY_SESSION_IDLE_DAYS', 'REDIS_URL', 'LATCHKEY_DATABASE_TLS=on'];
  for (const name of [...names, 'LATCHKEY_REGISTRY_URL']) {
    expect(found.filter((mistake) => mistake.startsWith(name))).toHaveLength(1);
  }
  expect(found).toHaveLength(5);
});

test('an empty value is as good as none', () => {
  expect(mistakes({ PORT: '', LATCHKEY_SIGN_UPS: '' })).toEqual([]);
});

test('a server with a wrong setting does not start, and says what is wrong', async () => {
  await using home = await makeHome();

  const { exitCode, notes } = await home.runToEnd({ PORT: 'x', LATCHKEY_EXPLORER: 'y' });

  expect(exitCode).toBe(78);
  expect(notes).toContain('PORT must be a whole number');
  expect(notes).toContain('LATCHKEY_EXPLORER must be true or false');
});
