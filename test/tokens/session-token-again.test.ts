import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, signInOn, signUp, verify } from '../support/people.js';

const ENSURE =
  'mutation { ensureSessionToken { secret accessToken { id kind scopes session { id } } } }';

test('a deleted session token comes back with all scopes, bound to the same session', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const {
    sessionId,
    sessionSecret: secret,
    accessTokenId,
  } = await signInOn(server, 'alice', 'laptop');
  await server.ask(`mutation { deleteAccessTokens(ids: ["${accessTokenId}"]) }`, { secret });
  const { ensureSessionToken: again } = await server.ask(ENSURE, { secret });

  expect(again.accessToken).toMatchObject({
    kind: 'SESSION',
    scopes: ['READ', 'WRITE', 'DELETE'],
    session: { id: sessionId },
  });
  expect(again.accessToken.id).not.toBe(accessTokenId);
  expect(await verify(server, again.secret, '?scope=delete')).toBe(200);
  await server.ask('mutation { signOut }', { secret });
  expect(await verify(server, again.secret)).toBe(401);
});

test('a pruned session token comes back, and the oldest of the others goes for it', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const signedIn = [];
  for (const device of ['one', 'two', 'three', 'four', 'five', 'six']) {
    signedIn.push(await signInOn(server, 'alice', device));
    server.clock.advance(1000);
  }
  const [one, two, three] = signedIn;
  expect(await verify(server, one?.accessTokenSecret ?? '')).toBe(401);
  const { ensureSessionToken } = await server.ask(ENSURE, { secret: one?.sessionSecret });

  expect(await verify(server, ensureSessionToken.secret)).toBe(200);
  expect(await verify(server, two?.accessTokenSecret ?? '')).toBe(401);
  expect(await verify(server, three?.accessTokenSecret ?? '')).toBe(200);
});

test('a live session token keeps its place and gets a new secret, and the old one ends', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const own = await signInOn(server, 'alice', 'laptop');
  const { ensureSessionToken } = await server.ask(ENSURE, { secret: own.sessionSecret });

  expect(ensureSessionToken.accessToken.id).toBe(own.accessTokenId);
  expect(await verify(server, ensureSessionToken.secret)).toBe(200);
  expect(await verify(server, own.accessTokenSecret)).toBe(401);
});

test('a session token that its owner switched off does not come back by asking', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret: secret, accessTokenId } = await signInOn(server, 'alice', 'laptop');
  await server.ask(
    `mutation { updateAccessToken(input: { id: "${accessTokenId}", active: false }) { id } }`,
    { secret },
  );
  expect(await server.refusal(ENSURE, { secret })).toBe('TOKEN_INACTIVE');
});

test('only a desktop session has a token of its own, and no token can ask for one', async () => {
  await using server = await startServer();
  const api = await signedUp(server, 'alice');
  const desktop = await signInOn(server, 'alice', 'laptop');
  const personal = await createToken(server, api.sessionSecret);

  expect(await server.refusal(ENSURE, { secret: api.sessionSecret })).toBe('FORBIDDEN');
  for (const secret of [personal.secret, desktop.accessTokenSecret]) {
    expect(await server.refusal(ENSURE, { secret })).toBe('SESSION_REQUIRED');
  }
});

test('with the least-recently-used rule the token that was unused for longest goes', async () => {
  await using server = await startServer({ LATCHKEY_SESSION_TOKEN_PRUNE: 'least-recently-used' });
  await signUp(server, 'alice');
  const signedIn = [];
  for (const device of ['one', 'two', 'three', 'four', 'five']) {
    signedIn.push(await signInOn(server, 'alice', device));
    server.clock.advance(1000);
  }
  const [one, two] = signedIn;
  await verify(server, one?.accessTokenSecret ?? '');
  // Reading the list brings the tokens' last use up to date.
  await server.ask('{ accessTokens { totalCount } }', { secret: one?.sessionSecret });
  const six = await signInOn(server, 'alice', 'six');

  expect(six.removedAccessTokens).toMatchObject([
    { id: two?.accessTokenId, removalReason: 'PRUNED' },
  ]);
  expect(await verify(server, one?.accessTokenSecret ?? '')).toBe(200);
});
