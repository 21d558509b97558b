import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { startServer } from '../support/latchkey.js';
import { signInOn, signUp, verify } from '../support/people.js';
import { openSocket } from '../support/socket.js';
import { openStored } from '../support/stored.js';

const WHO = '{ viewer { session { id expiresAt } } }';
const ENV = { LATCHKEY_SESSION_IDLE_DAYS: '30', LATCHKEY_SESSION_MAX_DAYS: '90' };

test('an unused session ends at its idle end and takes its token along, housekeeping or not', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const { sessionSecret, accessTokenSecret } = await signInOn(server, 'alice', 'laptop');
  server.clock.advance(30 * DAY - 1);
  const before = await signInOn(server, 'alice', 'phone');
  expect(await server.refusal(WHO, { secret: before.sessionSecret })).toBe('not refused');
  server.clock.advance(1);

  expect(await server.refusal(WHO, { secret: sessionSecret })).toBe('SESSION_EXPIRED');
  expect(await verify(server, accessTokenSecret)).toBe(401);
  await server.server.housekeep();
  expect(await server.refusal(WHO, { secret: sessionSecret })).toBe('SESSION_EXPIRED');
  expect(await verify(server, accessTokenSecret)).toBe(401);
  expect(await verify(server, before.accessTokenSecret)).toBe(200);
});

test.each(['session', 'token'])(
  'use of its %s keeps a session alive, to its absolute end',
  async (by) => {
    await using server = await startServer(ENV);
    await signUp(server, 'alice');
    const { sessionSecret, accessTokenSecret } = await signInOn(server, 'alice', 'laptop');
    const use = async () =>
      by === 'session'
        ? await server.refusal(WHO, { secret: sessionSecret })
        : await verify(server, accessTokenSecret);
    const good = by === 'session' ? 'not refused' : 200;

    for (const days of [29, 29, 29, 2]) {
      server.clock.advance(days * DAY);
      expect(await use()).toBe(good);
      await server.server.housekeep();
    }
    server.clock.advance(DAY);
    expect(await use()).toBe(by === 'session' ? 'SESSION_EXPIRED' : 401);
  },
);

test('a session that ended is not brought back by a late sign of life', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const { sessionSecret } = await signInOn(server, 'alice', 'laptop');
  server.clock.advance(2 * DAY);
  await server.ask(WHO, { secret: sessionSecret });
  await server.ask('mutation { signOut }', { secret: sessionSecret });
  await server.server.housekeep();

  expect(await server.refusal(WHO, { secret: sessionSecret })).toBe('SESSION_EXPIRED');
});

test('a session that ends by time is announced to its account, then its sockets close with 4403', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const old = await signInOn(server, 'alice', 'laptop');
  await using oldSocket = await openSocket(server.url, old.sessionSecret);
  await using tokenSocket = await openSocket(server.url, old.accessTokenSecret);
  const told = await oldSocket.subscribe('subscription { sessionEnded { id endReason current } }');
  server.clock.advance(30 * DAY);
  await server.server.housekeep();

  expect(await told.next()).toEqual({
    sessionEnded: { id: old.sessionId, endReason: 'SESSION_EXPIRED', current: true },
  });
  expect(await oldSocket.closed).toMatchObject({ code: 4403 });
  expect(await tokenSocket.closed).toMatchObject({ code: 4403 });
});

test("a personal token's socket closes with 4403 when the token expires", async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret } = await signInOn(server, 'alice', 'laptop');
  const expiresAt = new Date(server.clock.now() + DAY).toISOString();
  const { createAccessToken } = await server.ask(
    `mutation ($at: DateTime) {
      createAccessToken(input: { description: "short", scopes: [READ], expiresAt: $at }) { secret }
    }`,
    { secret: sessionSecret, variables: { at: expiresAt } },
  );
  await using socket = await openSocket(server.url, createAccessToken.secret);
  server.clock.advance(DAY);
  await server.server.housekeep();

  expect(await socket.closed).toMatchObject({
    code: 4403,
    reason: 'The access token has expired.',
  });
});

test('ended sessions are forgotten after the retention of their tombstones', async () => {
  await using server = await startServer({ LATCHKEY_TOMBSTONE_DAYS: '10' });
  await signUp(server, 'alice');
  const gone = await signInOn(server, 'alice', 'laptop');
  await server.ask('mutation { signOut }', { secret: gone.sessionSecret });
  server.clock.advance(10 * DAY);
  await server.server.housekeep();

  expect(await server.error(WHO, { secret: gone.sessionSecret })).toMatchObject({
    message: 'This session does not exist. Sign in again.',
    extensions: { code: 'UNAUTHENTICATED' },
  });
});

test('a session was last seen when it was seen, not when that was written', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const { sessionSecret: secret } = await signInOn(server, 'alice', 'laptop');
  server.clock.advance(DAY);
  const seenAt = server.clock.now();
  await server.ask(WHO, { secret });
  server.clock.advance(40_000);
  await server.server.housekeep();

  const { viewer } = await server.ask('{ viewer { session { lastSeenAt expiresAt } } }', {
    secret,
  });
  expect(viewer.session).toEqual({
    lastSeenAt: new Date(seenAt).toISOString(),
    expiresAt: new Date(seenAt + 30 * DAY).toISOString(),
  });
});

test('a session that was seen just before its idle end lives on, although that is written after it', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const { sessionSecret: secret } = await signInOn(server, 'alice', 'laptop');
  server.clock.advance(30 * DAY - 1);
  await server.ask(WHO, { secret });
  server.clock.advance(1000);
  await server.server.housekeep();
  expect(await server.refusal(WHO, { secret })).toBe('not refused');
});

test('a sighting that is written late does not move a later one back', async () => {
  await using server = await startServer(ENV);
  await signUp(server, 'alice');
  const { sessionSecret: secret } = await signInOn(server, 'alice', 'laptop');
  server.clock.advance(DAY);
  await server.ask(WHO, { secret });
  // What another server, which saw it later, has written meanwhile.
  const later = server.clock.now() + 30_000;
  await using stored = await openStored(server.database);
  await stored.run(`UPDATE sessions SET lastSeenAt = ${later}, liveUntil = ${later + 30 * DAY}`);
  server.clock.advance(60_000);
  await server.server.housekeep();

  const [session] = await stored.all<{ lastSeenAt: number }>('SELECT lastSeenAt FROM sessions');
  expect(Number(session?.lastSeenAt)).toBe(later);
});
