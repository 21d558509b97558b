import { expect, test } from 'vitest';
import { Acknowledged } from '../support/acknowledged.js';
import { readiness } from '../support/graphql.js';
import { CREATE, signedUp } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { makeSmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';

const MANY = { LATCHKEY_SIGN_UPS_PER_HOUR: '1000', LATCHKEY_SIGN_IN_FAILURES: '1000' };
const READ = '{ accessTokens { totalCount } usageEvents { edges { cursor } } }';

test('what is acknowledged before, while and after the disk is full is there after a kill', async (context) => {
  await using disk = await makeSmallDisk(8);
  if (disk === undefined) return context.skip('Linux lets nobody make a file system here.');
  await using home = await makeHome(disk.database, disk.prefix);
  const first = await home.start(MANY);
  const { sessionSecret } = await signedUp(first, 'alice');
  const acknowledged = new Acknowledged('alice', sessionSecret);
  const { count } = acknowledged;
  const tokens = [];
  for (let made = 0; made < 6; made++) tokens.push(await acknowledged.create(first));
  const [used] = tokens as [(typeof tokens)[number]];
  await acknowledged.signUp(first);
  await acknowledged.signIn(first);
  await acknowledged.use(first, used);
  await first.ask(READ, { secret: sessionSecret });
  expect(await readiness(first)).toBe(200);

  disk.fill();
  // The write-ahead log has room for some more.
  const isRefused = () =>
    acknowledged.use(first, used).then(
      () => false,
      () => true,
    );
  await until('no use can be recorded', 30_000, isRefused);
  expect(await readiness(first)).toBe(503);
  expect(JSON.parse(await first.logged('No space left')).msg).toContain(disk.database.path);
  const variables = { input: { description: 'too much', scopes: ['READ'] } };
  for (let time = 0; time < 3; time++) {
    const { code } = (await first.error(CREATE, { variables, secret: sessionSecret })).extensions;
    expect(code).toBe('UNAVAILABLE');
  }
  for (let step = 0; step < 20; step++) await acknowledged.step(first);
  expect(count.failed).toBeGreaterThan(10);
  // What is there can be read.
  const { accessTokens, usageEvents } = await first.ask(READ, { secret: sessionSecret });
  expect(accessTokens.totalCount).toBeGreaterThan(0);
  expect(usageEvents.edges).not.toEqual([]);

  disk.free();
  await until('it is ready', 2000, async () => (await readiness(first)) === 200);
  await first.logged('can be written again');
  const { failed } = count;
  for (let step = 0; step < 20; step++) await acknowledged.step(first);
  for (const token of tokens.slice(1)) await acknowledged.remove(first, token);
  expect(count.failed).toBe(failed);
  expect(await isRefused()).toBe(false);
  expect(acknowledged.wrong).toEqual([]);

  await first.kill();
  await acknowledged.check(await home.start(MANY));
  expect(acknowledged.wrong).toEqual([]);
});
