import { expect, test } from 'vitest';
import { signedUp } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { openStored } from '../support/stored.js';
import { until } from '../support/until.js';

const USES = 400_000;

test('a server with much to clean up stops when it is asked to', async () => {
  await using home = await makeHome();
  const first = await home.start();
  await signedUp(first, 'alice');
  await first.stop();
  await using stored = await openStored(home.database);
  await stored.run(`WITH RECURSIVE use(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM use WHERE number < ${USES - 1})
    INSERT INTO usage_groups (id, accessTokenId, accountId, outcome, oldestId, eventCount, events)
    SELECT printf('00000000-0000-7000-8000-%012x', number), 'token a', 'account a', 'ALLOWED',
      printf('00000000-0000-7000-8000-%012x', number), 1, '[]' FROM use`);
  const left = async () => {
    const [row] = await stored.all<{ count: number }>('SELECT COUNT(*) AS count FROM usage_groups');
    return row?.count ?? 0;
  };

  const second = await home.start();
  await until('the clean-up has begun', 20_000, async () => (await left()) < USES);
  expect(await second.stop()).toBe(0);
  expect(await left()).toBeGreaterThan(0);
});
