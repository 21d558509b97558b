import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';

test.each([
  '/healthz',
  '/readyz',
  '/metrics',
  '/nothing',
  '/auth/verify',
  '/graphql',
  '/oauth2/introspect',
  '/api/whoami-v2',
  '/.well-known/oauth-authorization-server',
  '/credentials/revoke',
])('no browser guesses at what %s answers, nor keeps it', async (path) => {
  await using server = await startServer();
  const { headers } = await fetch(`${server.url}${path}`);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
});
