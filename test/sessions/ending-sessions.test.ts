import { expect, test } from 'vitest';
import { PASSWORD, startServer, type TestServer } from '../support/latchkey.js';
import { type DesktopSignIn, signInOn, signUp, verify } from '../support/people.js';
import { openSocket } from '../support/socket.js';

type End = (server: TestServer, victim: DesktopSignIn, other: DesktopSignIn) => Promise<unknown>;

const ENDS: Record<string, { end: End; reason: string }> = {
  signOut: {
    end: (server, { sessionSecret }) =>
      server.ask('mutation { signOut }', { secret: sessionSecret }),
    reason: 'SIGNED_OUT',
  },
  endSession: {
    end: (server, { sessionId }, { sessionSecret }) =>
      server.ask('mutation ($id: ID!) { endSession(id: $id) { id } }', {
        variables: { id: sessionId },
        secret: sessionSecret,
      }),
    reason: 'SESSION_REVOKED',
  },
  endOtherSessions: {
    end: (server, _victim, { sessionSecret }) =>
      server.ask('mutation { endOtherSessions }', { secret: sessionSecret }),
    reason: 'SESSION_REVOKED',
  },
  changePassword: {
    end: (server, _victim, { sessionSecret }) =>
      server.ask(
        `mutation { changePassword(currentPassword: "${PASSWORD}", newPassword: "another long one") }`,
        { secret: sessionSecret },
      ),
    reason: 'SESSION_REVOKED',
  },
  'a new sign-in on the same device': {
    end: (server) => signInOn(server, 'alice', 'victim'),
    reason: 'REPLACED',
  },
};

test.each(Object.entries(ENDS))(
  '%s ends the session, its token and its sockets, and announces it first',
  async (_name, { end, reason }) => {
    await using server = await startServer();
    await signUp(server, 'alice');
    const victim = await signInOn(server, 'alice', 'victim');
    const other = await signInOn(server, 'alice', 'other');
    await using own = await openSocket(server.url, victim.sessionSecret);
    await using byToken = await openSocket(server.url, victim.accessTokenSecret);
    await using watching = await openSocket(server.url, other.sessionSecret);
    const ended = 'subscription { sessionEnded { id endReason } }';
    const toldItself = await own.subscribe(ended);
    const toldOther = await watching.subscribe(ended);
    expect(await verify(server, victim.accessTokenSecret)).toBe(200);

    await end(server, victim, other);

    expect(await verify(server, victim.accessTokenSecret)).toBe(401);
    expect(
      await server.refusal('{ viewer { account { id } } }', { secret: victim.sessionSecret }),
    ).toBe('SESSION_EXPIRED');
    const announcement = { sessionEnded: { id: victim.sessionId, endReason: reason } };
    expect(await toldItself.next()).toEqual(announcement);
    expect(await toldOther.next()).toEqual(announcement);
    expect(await own.closed).toMatchObject({ code: 4403 });
    expect(await byToken.closed).toMatchObject({ code: 4403 });
    expect(await verify(server, other.accessTokenSecret)).toBe(200);
    await watching.ask('{ viewer { account { id } } }');
  },
);

test('an operation on a socket whose credential has just ended is refused', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret } = await signInOn(server, 'alice', 'laptop');
  await using socket = await openSocket(server.url, sessionSecret);
  await server.ask('mutation { signOut }', { secret: sessionSecret });

  expect(await socket.ask('{ sessions { id } }')).toMatchObject({
    errors: [{ extensions: { code: 'SESSION_EXPIRED' } }],
  });
});

test('what follows the end of its own session in one operation is refused', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret } = await signInOn(server, 'alice', 'laptop');
  const other = await signInOn(server, 'alice', 'other');
  await using socket = await openSocket(server.url, sessionSecret);

  expect(
    await socket.ask(`mutation { signOut
      createAccessToken(input: { description: "late", scopes: [READ] }) { secret } }`),
  ).toMatchObject({
    errors: [{ path: ['createAccessToken'], extensions: { code: 'SESSION_EXPIRED' } }],
  });
  const { accessTokens } = await server.ask('{ accessTokens { edges { node { description } } } }', {
    secret: other.sessionSecret,
  });
  expect(accessTokens.edges).toEqual([{ node: { description: 'other' } }]);
});

test("a removed or deactivated token's socket closes with 4403, a renamed one's stays", async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret: secret } = await signInOn(server, 'alice', 'laptop');
  const create = `mutation { createAccessToken(input: { description: "t", scopes: [READ] }) {
    secret accessToken { id } } }`;
  const socketsOf = async () => {
    const { createAccessToken } = await server.ask(create, { secret });
    const socket = await openSocket(server.url, createAccessToken.secret);
    return { id: createAccessToken.accessToken.id, socket };
  };
  const change = (id: string, what: string) =>
    server.ask(`mutation { updateAccessToken(input: { id: "${id}", ${what} }) { id } }`, {
      secret,
    });

  const removed = await socketsOf();
  const inactive = await socketsOf();
  const renamed = await socketsOf();
  await change(renamed.id, 'description: "renamed"');
  await change(inactive.id, 'active: false');
  await server.ask(`mutation { deleteAccessTokens(ids: ["${removed.id}"]) }`, { secret });

  expect(await inactive.socket.closed).toMatchObject({ code: 4403 });
  expect(await removed.socket.closed).toMatchObject({ code: 4403 });
  expect(await renamed.socket.ask('{ viewer { accessToken { description } } }')).toMatchObject({
    data: { viewer: { accessToken: { description: 'renamed' } } },
  });
  await renamed.socket[Symbol.asyncDispose]();
});

test('ending a session twice succeeds and keeps the first reason', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const one = await signInOn(server, 'alice', 'one');
  const two = await signInOn(server, 'alice', 'two');
  await server.ask('mutation { signOut }', { secret: one.sessionSecret });
  const end = 'mutation ($id: ID!) { endSession(id: $id) { id endReason } }';
  const variables = { id: one.sessionId };

  expect(await server.ask(end, { variables, secret: two.sessionSecret })).toEqual({
    endSession: { id: one.sessionId, endReason: 'SIGNED_OUT' },
  });
});

test("another account's session is not found and lives on", async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  await signUp(server, 'bob');
  const alice = await signInOn(server, 'alice', 'laptop');
  const bob = await signInOn(server, 'bob', 'laptop');
  const end = 'mutation ($id: ID!) { endSession(id: $id) { id } }';
  const unknown = { variables: { id: 'no such id' }, secret: bob.sessionSecret };
  const foreign = { variables: { id: alice.sessionId }, secret: bob.sessionSecret };

  expect(await server.error(end, foreign)).toEqual(await server.error(end, unknown));
  expect(await server.refusal(end, foreign)).toBe('NOT_FOUND');
  expect(await verify(server, alice.accessTokenSecret)).toBe(200);
});
