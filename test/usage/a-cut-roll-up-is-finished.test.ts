import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { openStored } from '../support/stored.js';
import { createTestDatabase } from '../support/test-database.js';
import { usesOf } from '../support/uses.js';

test('uses that a kill left entered for some owners and not for others are entered once for each', async () => {
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
  // As many as are read in several parts, all of them entered for the first token's owners alone.
  const copies = 7000;
  {
    await using stored = await openStored(database);
    await stored.run(`WITH RECURSIVE copy(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM copy WHERE number < ${copies - 1})
      INSERT INTO usage_events SELECT printf('ffff0000-0000-7000-8000-%012x', number), accessTokenId, accountId, occurredAt,
        outcome, reason, door, action, resource, ipAddress, userAgent
      FROM copy JOIN (SELECT *, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place FROM usage_events) event
        ON event.place = number % ${ids.length}`);
    const done = ids[0] ?? '';
    await stored.run(`INSERT INTO usage_index (ownerId, outcome, eventId)
      SELECT accessTokenId, outcome, id FROM usage_events WHERE id > 'ffff' AND accessTokenId = '${done}'`);
    await stored.run(`UPDATE access_tokens SET useCount = (SELECT COUNT(*) FROM usage_events WHERE accessTokenId = '${done}')
      WHERE id = '${done}'`);
    await stored.run(
      `UPDATE usage_marks SET eventId = (SELECT MAX(id) FROM usage_events) WHERE id = '${done.at(-1)}'`,
    );
    // Another owner of that shard would have been entered with it.
    await stored.run(`DELETE FROM usage_events WHERE id > 'ffff' AND accessTokenId <> '${done}'
      AND (substr(accessTokenId, 36) = '${done.at(-1)}' OR substr(accountId, 36) = '${done.at(-1)}')`);
  }
  await using server = await startServer(env);
  await using stored = await openStored(database);
  for (const id of ids) {
    const { accessToken } = await server.ask(`{ accessToken(id: "${id}") { useCount } }`, {
      secret: session,
    });
    const [events] = await stored.all<{ count: number }>(
      'SELECT COUNT(*) AS count FROM usage_events WHERE accessTokenId = ?',
      id,
    );
    const [entered] = await stored.all<{ count: number }>(
      'SELECT SUM(eventCount) AS count FROM usage_index WHERE ownerId = ?',
      id,
    );
    expect(accessToken.useCount).toBe(events?.count);
    expect(entered?.count).toBe(events?.count);
  }
});
