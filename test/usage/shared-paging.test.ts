import { expect, test } from 'vitest';
import { lowestIdAt } from '../../packages/server/dist/core/ids.js';
import type { UsageEvent } from '../../packages/server/dist/database/entities/usage-event.js';
import type { UsageGroup } from '../../packages/server/dist/database/entities/usage-group.entity.js';
import { eventsIn } from '../../packages/server/dist/usage/usage-groups.js';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { openStored } from '../support/stored.js';
import { createTestDatabase } from '../support/test-database.js';
import { usesOf } from '../support/uses.js';
import { enterInJournal } from './support/journal.js';

const SERVERS = 3;
const USES_EACH = 100;

test('uses that servers made in the same seconds and committed one after the other are paged in their order', async () => {
  await using database = await createTestDatabase();
  await using server = await startServer({ DATABASE_URL: database.url, ...database.env });
  await using stored = await openStored(database);
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id: accessTokenId, secret } = await createToken(server, session);
  await verify(server, secret);
  await usesOf(server, session);
  const [group] = await stored.all<UsageGroup>('SELECT * FROM usage_groups');
  const [event] = group ? eventsIn(group) : [];
  const startMs = server.clock.now() + 1;
  const ids = Array.from({ length: SERVERS * USES_EACH }, (_, index) =>
    lowestIdAt(startMs + index * 5),
  );
  for (let turn = 0; turn < SERVERS; turn++) {
    const batch = ids.filter((_, index) => index % SERVERS === turn);
    const events = batch.map((id, index) => ({
      ...(event as UsageEvent),
      id,
      occurredAt: startMs + (index * SERVERS + turn) * 5,
    }));
    await enterInJournal(stored, events);
    // A reader has it entered, and the next server's batch then comes late.
    expect((await usesOf(server, session, { first: 1 })).uses[0]?.id).toBe(batch.at(-1));
  }
  const newestFirst = [event?.id, ...ids].reverse();
  server.clock.advance(ids.length * 5);
  for (const first of [1, 7, 50, 200]) {
    const paged: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await usesOf(server, session, {
        filter: { accessTokenId },
        first,
        ...(after !== undefined && { after }),
      });
      paged.push(...page.uses.map(({ id }) => id));
      if (!page.hasNextPage) break;
      after = page.endCursor ?? undefined;
    }
    expect(paged).toEqual(newestFirst);
  }
  const { accessToken } = await server.ask(
    `{ accessToken(id: "${accessTokenId}") { useCount lastUsedAt } }`,
    { secret: session },
  );
  expect(accessToken).toEqual({
    useCount: ids.length + 1,
    lastUsedAt: new Date(startMs + (ids.length - 1) * 5).toISOString(),
  });
});
