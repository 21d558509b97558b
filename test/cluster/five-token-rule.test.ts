import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { inParallel } from '../support/in-parallel.js';
import { countedDuring, liveTokens } from '../support/live-tokens.js';
import { signIn, signUp, verify } from '../support/people.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const SIGN_INS = 300;
/** More of one account's would not be let wait for their passwords' turn. */
const AT_ONCE = 60;

test('of several first sign-ups at once exactly one makes the administrator', async () => {
  const { servers, query } = cluster;
  await Promise.all(
    Array.from({ length: 9 }, (_, index) =>
      signUp(servers[index % 3] as (typeof servers)[0], `person-${index}`),
    ),
  );
  expect(await query("SELECT COUNT(*) FROM accounts WHERE role = 'ADMINISTRATOR'")).toBe(1);
});

test('300 desktop sign-ins, sixty at once through three servers, never leave more than five tokens', async () => {
  const { servers } = cluster;
  const accountId = await signUp(servers[0], 'alice');
  const { result: signedIn, counts } = await countedDuring(cluster, accountId, () =>
    inParallel(SIGN_INS, AT_ONCE, (index) =>
      signIn(servers[index % 3] as (typeof servers)[0], 'alice', `device ${index}`),
    ),
  );

  expect(signedIn).toHaveLength(SIGN_INS);
  expect(counts.length).toBeGreaterThan(20);
  expect(Math.max(...counts)).toBe(5);
  expect(await liveTokens(cluster, accountId)).toBe(5);
  const statuses = await Promise.all(
    signedIn.map(({ accessTokenSecret = '' }) => verify(servers[1], accessTokenSecret)),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(5);
});
