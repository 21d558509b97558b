import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp } from '../support/people.js';
import { pipelined } from '../support/pipelined.js';
import { createTestDatabase } from '../support/test-database.js';
import { usesOf } from '../support/uses.js';
import { onDisk } from './support/on-disk.js';

const REFUSALS = 20_000;
/** With other suites beside it, the server gets little of the machine. */
const LONG = { timeout: 240_000 };

test(
  'a deleted token that asks on and on with long headers fills no disk, and each refusal is counted',
  LONG,
  async () => {
    await using database = await createTestDatabase();
    const env = { DATABASE_URL: database.url, ...database.env };
    let session: string;
    let token: { id: string; secret: string };
    {
      await using server = await startServer(env);
      ({ sessionSecret: session } = await signedUp(server, 'alice'));
      token = await createToken(server, session);
      await server.ask(`mutation { deleteAccessTokens(ids: ["${token.id}"]) }`, {
        secret: session,
      });
      const headers = {
        authorization: `Bearer ${token.secret}`,
        'user-agent': 'a'.repeat(4096),
        'x-original-uri': `/${'b'.repeat(4096)}`,
      };
      const statuses = await pipelined(server.url, '/auth/verify', headers, REFUSALS);
      expect(statuses).toEqual(new Map([['401', REFUSALS]]));
    }
    const { bytes, uses } = await onDisk(database);
    expect(uses).toBeLessThan(40);
    expect(bytes).toBeLessThan(40_000);
    if (database.engine === 'sqlite')
      expect((await stat(database.path)).size).toBeLessThan(1_000_000);

    await using server = await startServer(env);
    const { accessToken } = await server.ask(
      `{ accessToken(id: "${token.id}") { useCount usageByDay(days: 1) { refused } } }`,
      { secret: session },
    );
    expect(accessToken).toEqual({ useCount: REFUSALS, usageByDay: [{ refused: REFUSALS }] });
    const listed = await usesOf(server, session, { first: 200 });
    const total = listed.uses.reduce((sum, { repeatCount }) => sum + 1 + repeatCount, 0);
    expect(total).toBe(REFUSALS);
  },
);
