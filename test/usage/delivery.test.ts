import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, signIn, verify } from '../support/people.js';
import { openSocket } from '../support/socket.js';

const USES =
  'subscription ($id: ID) { usageEventRecorded(accessTokenId: $id) { accessTokenId outcome endpoint } }';

test("a use is delivered to all of its account's subscribers and to nobody else's", async () => {
  await using server = await startServer();
  const alice = await signedUp(server, 'alice');
  const again = await signIn(server, 'alice');
  const bob = await signedUp(server, 'bob');
  const alices = await createToken(server, alice.sessionSecret);
  const bobs = await createToken(server, bob.sessionSecret);
  await using one = await openSocket(server.url, alice.sessionSecret);
  await using two = await openSocket(server.url, again.sessionSecret);
  await using three = await openSocket(server.url, bob.sessionSecret);
  const feeds = [await one.subscribe(USES), await two.subscribe(USES), await three.subscribe(USES)];
  await verify(server, alices.secret);
  await verify(server, alices.secret, '?scope=delete');
  await verify(server, bobs.secret);

  const use = (accessTokenId: string, outcome: string) => ({
    usageEventRecorded: { accessTokenId, outcome, endpoint: 'FORWARD_AUTH' },
  });
  for (const feed of feeds.slice(0, 2)) {
    expect(await feed.next()).toEqual(use(alices.id, 'ALLOWED'));
    expect(await feed.next()).toEqual(use(alices.id, 'REFUSED'));
  }
  // Alice's came first: had they been delivered to Bob, they would stand before his own.
  expect(await feeds[2]?.next()).toEqual(use(bobs.id, 'ALLOWED'));
});

test('a subscription for one token gets that one alone', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const one = await createToken(server, sessionSecret);
  const two = await createToken(server, sessionSecret);
  await using socket = await openSocket(server.url, sessionSecret);
  const feed = await socket.subscribe(USES, { id: two.id });
  await verify(server, one.secret);
  await verify(server, two.secret);
  expect((await feed.next()).usageEventRecorded.accessTokenId).toBe(two.id);
});

test('a token that subscribes sees only its own uses, and cannot ask for another', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const one = await createToken(server, sessionSecret);
  const two = await createToken(server, sessionSecret);
  await using socket = await openSocket(server.url, one.secret);
  const feed = await socket.subscribe(USES);
  await verify(server, two.secret);
  await verify(server, one.secret);
  let seen = await feed.next();
  while (seen.usageEventRecorded.endpoint !== 'FORWARD_AUTH') {
    expect(seen.usageEventRecorded.accessTokenId).toBe(one.id);
    seen = await feed.next();
  }
  expect(seen.usageEventRecorded.accessTokenId).toBe(one.id);

  const foreign = await socket.subscribe(USES, { id: two.id });
  await expect(foreign.next()).rejects.toThrow('NOT_FOUND');
});

test('changes of tokens are announced to the account, each with its kind', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  await using socket = await openSocket(server.url, secret);
  const feed = await socket.subscribe(
    'subscription { accessTokenChanged { kind accessToken { id } } }',
  );
  const { id } = await createToken(server, secret);
  await server.ask(`mutation { updateAccessToken(input: { id: "${id}", active: false }) { id } }`, {
    secret,
  });
  await server.ask(`mutation { rotateAccessToken(id: "${id}") { secret } }`, { secret });
  await server.ask(`mutation { deleteAccessTokens(ids: ["${id}"]) }`, { secret });

  for (const kind of ['CREATED', 'UPDATED', 'ROTATED', 'REMOVED']) {
    expect(await feed.next()).toEqual({ accessTokenChanged: { kind, accessToken: { id } } });
  }
});
