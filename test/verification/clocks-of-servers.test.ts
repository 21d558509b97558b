import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { createTestDatabase } from '../support/test-database.js';

const HOUR_MS = 3_600_000;

test('servers of one database go by the latest time that any of them has seen', async () => {
  await using database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, ...database.env };
  await using behind = await startServer(env);
  await using ahead = await startServer(env);
  const { sessionSecret } = await signedUp(behind, 'alice');
  const expiresAt = new Date(behind.clock.now() + HOUR_MS).toISOString();
  const { secret } = await createToken(behind, sessionSecret, { expiresAt });
  expect(await verify(behind, secret)).toBe(200);

  ahead.clock.advance(2 * HOUR_MS);

  await expect.poll(() => verify(behind, secret)).toBe(401);
});
