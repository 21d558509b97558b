import { expect, test } from 'vitest';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

async function signedIn(server: FakeLatchkey) {
  const desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const session = server.sessions.at(-1);
  if (session === undefined) throw new Error('Nobody signed in.');
  return { desktop, session };
}

test('a session that is ended elsewhere signs out at once and wipes its secrets', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, session } = await signedIn(server);
  await using _ = desktop;
  expect(await desktop.filesOnDisk()).toContain(session.secret);
  server.endSession(session);
  await desktop.until(() => desktop.state.session.status === 'SIGNED_OUT');
  await desktop.core.stop();
  expect(desktop.state.session).toMatchObject({ notice: { reason: 'SESSION_ENDED' } });
  expect(desktop.notices).toMatchObject([{ kind: 'SESSION_ENDED' }]);
  expect(await desktop.filesOnDisk()).not.toContain(session.secret);
});

test('another session that ends changes nothing here', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, session } = await signedIn(server);
  await using _ = desktop;
  server.endSession({ ...session, id: 'session-of-another-device' });
  server.removeToken(session.token, 'DELETED', null);
  await desktop.until(() => desktop.notices.length > 0);
  expect(desktop.state.session.status).toBe('SIGNED_IN');
});

test('a server that is gone for a while signs nobody out, and is found again', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop } = await signedIn(server);
  await using _ = desktop;
  await server.stop();
  await desktop.until(() => desktop.state.connection.status === 'OFFLINE');
  expect(desktop.state.session.status).toBe('SIGNED_IN');
  expect(desktop.state.connection).toMatchObject({
    problem: { code: 'SERVER_UNREACHABLE' },
    retryAt: expect.any(String),
  });
  await server.listen();
  await desktop.core.answers.retryConnection();
  await desktop.untilOnline();
  expect(desktop.state.session.status).toBe('SIGNED_IN');
});

test.each([
  ['a login page of a network', 401, '<html>Sign in to the hotel</html>'],
  ['a proxy without its server', 502, 'Bad gateway'],
  ['an empty answer', 200, ''],
  ['JSON of something else', 401, '{"error":"unauthorized"}'],
])('%s in the place of the server signs nobody out', async (_name, status, body) => {
  await using server = await FakeLatchkey.start();
  const { desktop, session } = await signedIn(server);
  await using _ = desktop;
  let answered = 0;
  server.answerInstead = (response) => {
    answered++;
    response.writeHead(status).end(body);
  };
  const query = '{ viewer { account { id } } }';
  expect((await desktop.core.answers.execute({ query })).ok).toBe(false);
  await desktop.core.answers.ensureSessionToken();
  const before = answered;
  // The socket is closed as for a session that is over, so the app asks; the answer means nothing.
  server.closeSockets(session);
  await expect.poll(() => answered).toBeGreaterThan(before);
  await desktop.core.answers.execute({ query });
  expect(desktop.state.session.status).toBe('SIGNED_IN');
});

test('a session that ended while the app was off is over at the next start', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, session } = await signedIn(server);
  await desktop.core.stop();
  session.isOver = true;
  await using second = await DesktopCore.start({ directory: desktop.directory });
  await second.until(() => second.state.session.status === 'SIGNED_OUT');
  expect(second.state.session).toMatchObject({
    notice: { reason: 'SESSION_ENDED', message: 'This session was ended.' },
  });
});

test('a socket that is closed with 4403 while the session stands comes back', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, session } = await signedIn(server);
  await using _ = desktop;
  const before = desktop.states.length;
  server.closeSockets(session);
  await desktop.until(() => !desktop.states.slice(before).every(isOnline));
  await desktop.untilOnline();
  expect(desktop.state.session.status).toBe('SIGNED_IN');
}, 15_000);

function isOnline(state: DesktopCore['state']): boolean {
  return state.connection.status === 'ONLINE';
}
