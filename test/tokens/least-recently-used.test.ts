import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { type DesktopSignIn, signInOn, signUp, verify } from '../support/people.js';

const ENV = { LATCHKEY_SESSION_TOKEN_PRUNE: 'least-recently-used' };

/** Five desktops, each a second after the one before; then each of `used` verifies its token, in that order. */
async function fiveDesktops(server: TestServer, used: readonly number[]) {
  await signUp(server, 'alice');
  const desktops: DesktopSignIn[] = [];
  for (const device of ['one', 'two', 'three', 'four', 'five']) {
    desktops.push(await signInOn(server, 'alice', device));
    server.clock.advance(1000);
  }
  for (const index of used) {
    expect(await verify(server, desktops[index]?.accessTokenSecret ?? '')).toBe(200);
    server.clock.advance(1000);
  }
  return desktops;
}

test('where the rule says so, a sign-in removes what was unused for longest, the last use counted', async () => {
  await using server = await startServer(ENV);
  const desktops = await fiveDesktops(server, [0, 1, 2, 4]);
  const sixth = await signInOn(server, 'alice', 'six');
  expect(sixth.removedAccessTokens.map(({ id }) => id)).toEqual([desktops[3]?.accessTokenId]);
});

test('so does a token that comes back', async () => {
  await using server = await startServer(ENV);
  const desktops = await fiveDesktops(server, [1, 2, 3, 4]);
  await signInOn(server, 'alice', 'six');
  const use = (index: number) => verify(server, desktops[index]?.accessTokenSecret ?? '');
  expect(await use(0)).toBe(401);
  server.clock.advance(1000);
  expect(await use(1)).toBe(200);
  await server.ask('mutation { ensureSessionToken { secret } }', {
    secret: desktops[0]?.sessionSecret,
  });
  expect([await use(1), await use(2)]).toEqual([200, 401]);
});
