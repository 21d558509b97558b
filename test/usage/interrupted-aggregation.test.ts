import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { openStored, type Stored } from '../support/stored.js';
import { usesOf } from '../support/uses.js';

const TOKENS = 12;
const USES = 5;
/** What the aggregation wrote, table by table. */
async function written(stored: Stored) {
  const [groups] = await stored.all<{ count: number }>(
    'SELECT COALESCE(SUM(eventCount), 0) AS count FROM usage_groups',
  );
  const [counters] = await stored.all<{ count: number }>(
    'SELECT SUM(useCount) AS count FROM access_tokens',
  );
  return {
    grouped: Number(groups?.count),
    counted: Number(counters?.count),
  };
}

test('an aggregation that breaks off leaves its events in the journal, and each is entered once afterwards', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  await using stored = await openStored(server.database);
  const tokens: { id: string; secret: string }[] = [];
  for (let count = 0; count < TOKENS; count++) tokens.push(await createToken(server, session));
  // The last table that an aggregation writes.
  await stored.run('ALTER TABLE usage_log_size RENAME TO away');
  for (const { secret } of tokens) {
    for (let count = 0; count < USES; count++) await verify(server, secret);
  }
  const query = '{ usageEvents(first: 1) { edges { cursor } } }';
  for (let attempt = 0; attempt < 2; attempt++) {
    await server.error(query, { secret: session });
    expect(await written(stored)).toEqual({ grouped: 0, counted: 0 });
  }

  await stored.run('ALTER TABLE away RENAME TO usage_log_size');
  const { uses } = await usesOf(server, session, { first: 200 });
  expect(new Set(uses.map(({ id }) => id)).size).toBe(TOKENS * USES);
  const all = TOKENS * USES;
  expect(await written(stored)).toEqual({ grouped: all, counted: all });
  expect(await stored.all('SELECT id FROM usage_journal')).toEqual([]);
});
