import { expect, test } from 'vitest';
import type { UsageGroup } from '../../packages/server/dist/database/entities/usage-group.entity.js';
import { unpack } from '../../packages/server/dist/usage/usage-packing.js';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { openStored } from '../support/stored.js';
import { createTestDatabase } from '../support/test-database.js';
import { usesOf } from '../support/uses.js';

/** As many as are read in several parts. */
const ENTRIES = 300;
const USES_AN_ENTRY = 20;

test('uses that a kill left entered for some tokens and not for others are entered once for each', async () => {
  await using database = await createTestDatabase();
  const env = { DATABASE_URL: database.url };
  const ids: string[] = [];
  let session: string;
  {
    await using server = await startServer(env);
    ({ sessionSecret: session } = await signedUp(server, 'alice'));
    while (new Set(ids.map((id) => id.at(-1))).size < 3) {
      const { id, secret } = await createToken(server, session);
      ids.push(id);
      await verify(server, secret);
    }
    await usesOf(server, session);
  }
  const [done = ''] = ids;
  const shard = done.at(-1);
  const others = ids.filter((id) => id.at(-1) !== shard);
  {
    await using stored = await openStored(database);
    const groups = await stored.all<UsageGroup>('SELECT * FROM usage_groups');
    const uses = groups.flatMap(unpack);
    const useOf = (accessTokenId: string | undefined, number: number) => ({
      ...uses.find((use) => use.accessTokenId === accessTokenId),
      id: `ffff0000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
    });
    let number = 0;
    for (let entry = 0; entry < ENTRIES; entry++) {
      const events = Array.from({ length: USES_AN_ENTRY }, () =>
        useOf(number % 2 === 0 ? done : others[number % others.length], ++number),
      );
      await stored.run(
        `INSERT INTO usage_journal (id, events) VALUES ('${events[0]?.id}', '${JSON.stringify(events)}')`,
      );
    }
    // The first token's were written, and the mark of its shard was moved with them.
    await stored.run(`INSERT INTO usage_groups (id, accessTokenId, accountId, outcome, oldestId, eventCount, events)
      SELECT value ->> 'id', value ->> 'accessTokenId', value ->> 'accountId', value ->> 'outcome', value ->> 'id', 1, '[]'
      FROM usage_journal, json_each(events) WHERE value ->> 'accessTokenId' = '${done}'`);
    await stored.run(`UPDATE access_tokens SET useCount = (SELECT COUNT(*) FROM usage_groups WHERE accessTokenId = '${done}')
      WHERE id = '${done}'`);
    await stored.run(
      `UPDATE usage_marks SET eventId = 'ffff0000-0000-7000-8000-ffffffffffff' WHERE id = '${shard}'`,
    );
  }
  await using server = await startServer(env);
  const counts = new Map<string, number>();
  for (const id of ids) {
    const { accessToken } = await server.ask(`{ accessToken(id: "${id}") { useCount } }`, {
      secret: session,
    });
    counts.set(id, accessToken.useCount);
  }
  await using stored = await openStored(database);
  for (const [id, useCount] of counts) {
    const [grouped] = await stored.all<{ count: number }>(
      'SELECT SUM(eventCount) AS count FROM usage_groups WHERE accessTokenId = ?',
      id,
    );
    expect(useCount).toBe(grouped?.count);
  }
  const half = (ENTRIES * USES_AN_ENTRY) / 2;
  expect(counts.get(done)).toBe(half + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBe(2 * half + ids.length);
  expect(await stored.all('SELECT id FROM usage_journal')).toEqual([]);
});
