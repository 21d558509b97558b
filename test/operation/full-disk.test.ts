import { expect, test } from 'vitest';
import { Acknowledged } from '../support/acknowledged.js';
import { signedUp } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { makeSmallDisk } from '../support/small-disk.js';

const MANY = { LATCHKEY_SIGN_UPS_PER_HOUR: '1000', LATCHKEY_SIGN_IN_FAILURES: '1000' };

test('what is acknowledged before, while and after the disk is full is there after a kill', async (context) => {
  await using disk = await makeSmallDisk(8);
  if (disk === undefined) return context.skip('Linux lets nobody make a file system here.');
  await using home = await makeHome(disk.database, disk.prefix);
  const first = await home.start(MANY);
  const { sessionSecret } = await signedUp(first, 'alice');
  const acknowledged = new Acknowledged('alice', sessionSecret);
  const tokens = [];
  for (let made = 0; made < 6; made++) tokens.push(await acknowledged.create(first));
  const steps = async (count: number) => {
    for (let step = 0; step < count; step++) await acknowledged.step(first);
  };
  await steps(20);
  expect(acknowledged.count.failed).toBe(0);

  disk.fill();
  for (let step = 0; step < 3; step++) await acknowledged.create(first).catch(() => undefined);
  // What the write-ahead log has room for still succeeds.
  while (acknowledged.count.failed < 10) await steps(1);
  disk.free();
  await steps(20);
  for (const token of tokens) await acknowledged.remove(first, token);
  expect(acknowledged.wrong).toEqual([]);

  await first.kill();
  const second = await home.start(MANY);
  await acknowledged.check(second);
  expect(acknowledged.wrong).toEqual([]);
});
