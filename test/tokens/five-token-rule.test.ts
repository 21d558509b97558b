import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { signIn, signUp, verify } from '../support/people.js';

test('a sixth desktop sign-in removes the oldest session token and says which', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const signedIn = [];
  for (const device of ['one', 'two', 'three', 'four', 'five', 'six']) {
    signedIn.push(await signIn(server, 'alice', device));
    server.clock.advance(1000);
  }
  const [first, second] = signedIn;
  const sixth = signedIn.at(-1);

  expect(sixth?.removedAccessTokens).toEqual([
    {
      id: first?.accessTokenId,
      removalReason: 'PRUNED',
      removalNote: expect.stringContaining('when six signed in'),
    },
  ]);
  expect(await verify(server, first?.accessTokenSecret ?? '')).toBe(401);
  expect(await verify(server, second?.accessTokenSecret ?? '')).toBe(200);
  expect(await verify(server, sixth?.accessTokenSecret ?? '')).toBe(200);
});
