import { expect, test } from 'vitest';
import { createToken, signIn, signInOn, signUp, verify } from '../support/people.js';
import { makeHome } from '../support/process.js';

/** Repeats `step` until it fails, as it does once the server is gone; @returns what was answered before. */
async function untilGone<Answer>(step: (round: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let round = 0; ; round++) {
    try {
      answers.push(await step(round));
    } catch {
      return answers;
    }
  }
}

test('a kill amid sign-ins, revocations and verifications undoes none that was answered, and leaves none half done', async () => {
  await using home = await makeHome();
  const first = await home.start();
  await signUp(first, 'alice');
  const { sessionSecret } = await signIn(first, 'alice');
  const remove = async (id: string) =>
    first.ask('mutation ($id: ID!) { deleteAccessTokens(ids: [$id]) }', {
      variables: { id },
      secret: sessionSecret,
    });
  const kept = await createToken(first, sessionSecret);
  const created: { id: string; secret: string }[] = [];
  const revoked: string[] = [];
  let verified = 0;

  const signIns = untilGone((round) => signInOn(first, 'alice', `device ${round}`));
  const revocations = untilGone(async () => {
    const token = await createToken(first, sessionSecret);
    created.push(token);
    if (created.length % 2 === 1) return;
    await remove(token.id);
    revoked.push(token.secret);
  });
  const verifications = untilGone(async () => {
    if ((await verify(first, kept.secret)) !== 200) throw new Error('refused');
    verified++;
    if (verified === 200) await first.kill();
  });
  const signedIn = await signIns;
  await revocations;
  await verifications;

  expect(verified).toBeGreaterThanOrEqual(200);
  expect(revoked.length).toBeGreaterThan(0);
  const second = await home.start();
  for (const secret of revoked) expect(await verify(second, secret)).toBe(401);
  for (const { secret } of created.filter((_, index) => index % 2 === 0)) {
    expect(await verify(second, secret)).toBe(200);
  }
  const statuses = await Promise.all(
    signedIn.slice(-5).map(({ accessTokenSecret }) => verify(second, accessTokenSecret)),
  );
  // A sign-in that was committed and not answered any more may have pruned one of them.
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(
    Math.min(4, statuses.length),
  );
  const { accessTokens, accessToken } = await second.ask(
    `query ($id: ID!) {
      accessTokens(filter: { kinds: [SESSION] }) { edges { node { session { endedAt } } } }
      accessToken(id: $id) { useCount }
    }`,
    { variables: { id: kept.id }, secret: sessionSecret },
  );
  expect(accessTokens.edges.length).toBeLessThanOrEqual(5);
  for (const { node } of accessTokens.edges) expect(node.session.endedAt).toBeNull();
  expect(accessToken.useCount).toBeGreaterThanOrEqual(200);
});
