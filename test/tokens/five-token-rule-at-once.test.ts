import { expect, test } from 'vitest';
import { inParallel } from '../support/in-parallel.js';
import { startServer } from '../support/latchkey.js';
import { signInOn, signUp, verify } from '../support/people.js';
import { openStored } from '../support/stored.js';

const SIGN_INS = 200;
/** More of one account's would not be let wait for their passwords' turn. */
const AT_ONCE = 20;
const LIVE = `SELECT COUNT(*) AS live FROM access_tokens
  WHERE kind = 'SESSION' AND removedAt IS NULL`;

test('200 sign-ins of one account, twenty at once, leave five live tokens, and never more on the way', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  await using stored = await openStored(server.database);
  const samples: number[] = [];
  const sample = async () => {
    const [row] = await stored.all<{ live: number }>(LIVE);
    samples.push(row?.live ?? -1);
  };

  const signedIn = await inParallel(SIGN_INS, AT_ONCE, async (index) => {
    const answer = await signInOn(server, 'alice', `device ${index}`);
    await sample();
    return answer;
  });

  expect(Math.max(...samples)).toBe(5);
  const statuses = await Promise.all(
    signedIn.map(({ accessTokenSecret }) => verify(server, accessTokenSecret)),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(5);
  // Every token that was minted is either one of the five or named in somebody's answer, once.
  const removed = signedIn.flatMap(({ removedAccessTokens }) => removedAccessTokens);
  const live = signedIn.filter((_, index) => statuses[index] === 200);
  const accounted = [
    ...removed.map(({ id }) => id),
    ...live.map(({ accessTokenId }) => accessTokenId),
  ];
  expect(accounted.sort()).toEqual(signedIn.map(({ accessTokenId }) => accessTokenId).sort());
});

test('one device that signs in many times at once keeps one session and one token', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const signedIn = await Promise.all(
    Array.from({ length: 12 }, () => signInOn(server, 'alice', 'laptop')),
  );
  const statuses = await Promise.all(
    signedIn.map(({ accessTokenSecret }) => verify(server, accessTokenSecret)),
  );
  const winner = signedIn[statuses.indexOf(200)];

  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  const { sessions } = await server.ask('{ sessions { id } }', { secret: winner?.sessionSecret });
  expect(sessions).toEqual([{ id: winner?.sessionId }]);
});

test('personal tokens and other accounts do not count among the five', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  await signUp(server, 'bob');
  const bob = await signInOn(server, 'bob', 'laptop');
  const { sessionSecret: secret } = await signInOn(server, 'alice', 'one');
  for (let count = 0; count < 6; count++) {
    await server.ask(
      'mutation { createAccessToken(input: { description: "t", scopes: [READ] }) { secret } }',
      { secret },
    );
  }
  for (const device of ['two', 'three', 'four', 'five']) {
    expect((await signInOn(server, 'alice', device)).removedAccessTokens).toEqual([]);
  }
  const { accessTokens } = await server.ask('{ accessTokens { activeCount } }', { secret });
  expect(accessTokens.activeCount).toBe(11);
  expect(await verify(server, bob.accessTokenSecret)).toBe(200);
});
