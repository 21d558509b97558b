import { expect, test } from 'vitest';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const NOTE = 'Removed when a sixth session was opened on build-box';

/** The server stops, and the session's token is gone before it is back; @returns the session. */
async function pruneWhileAway(server: FakeLatchkey, desktop: DesktopCore) {
  await desktop.untilOnline();
  await server.stop();
  await desktop.until(() => desktop.state.connection.status === 'OFFLINE');
  const [session] = server.sessions;
  if (session === undefined) throw new Error('Nobody signed in.');
  server.removeToken(session.token, 'PRUNED', NOTE);
  return session;
}

test('a pruned token is told of at once, by which sign-in, and can be had again', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const [session] = server.sessions;
  if (session === undefined) throw new Error('Nobody signed in.');
  server.removeToken(session.token, 'PRUNED', NOTE);
  await desktop.until(() => desktop.notices.length > 0);
  expect(desktop.state.session).toMatchObject({
    status: 'SIGNED_IN',
    sessionToken: { status: 'REMOVED', token: { removalReason: 'PRUNED', removalNote: NOTE } },
  });
  expect(desktop.notices).toMatchObject([{ kind: 'SESSION_TOKEN_REMOVED' }]);
  expect(desktop.notices[0]?.body).toContain(NOTE);

  expect(await desktop.core.answers.ensureSessionToken()).toEqual({ ok: true, value: null });
  expect(desktop.state.session).toMatchObject({
    sessionToken: { status: 'LIVE', id: session.token.id },
  });
  expect(await desktop.filesOnDisk()).toContain(session.token.secret);
});

test('a token that was removed while the line was down is told of when it is back', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await pruneWhileAway(server, desktop);
  await server.listen();
  await desktop.core.answers.retryConnection();
  await desktop.until(() => desktop.notices.length > 0);
  expect(desktop.notices[0]?.body).toContain(NOTE);
});

test('a server that cannot say why a token is gone is asked again', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const session = await pruneWhileAway(server, desktop);
  server.failing.add('Tombstone');
  await server.listen();
  await desktop.core.answers.retryConnection();
  await desktop.until(() => tokenStatus(desktop) !== 'LIVE');
  expect(tokenStatus(desktop)).toBe('UNKNOWN');
  server.failing.clear();
  server.closeSockets(session);
  await desktop.until(() => desktop.notices.length > 0);
  expect(desktop.notices[0]?.body).toContain(NOTE);
});

test('the password asked for again moves the end of the session, and events go on', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  await desktop.core.answers.subscribe({
    subscriptionId: 'uses',
    query: 'subscription { usageEventRecorded { id } }',
  });
  const wrong = await desktop.core.answers.reauthenticate({ password: 'wrong' });
  expect(wrong).toMatchObject({ ok: false, problem: { code: 'INVALID_CREDENTIALS' } });
  expect(desktop.state.session.status).toBe('SIGNED_IN');

  const again = await desktop.core.answers.reauthenticate({ password: 'correct horse battery' });
  expect(again.ok).toBe(true);
  const renewed = server.sessions[1];
  if (renewed === undefined) throw new Error('Nobody signed in again.');
  expect(desktop.state.session).toMatchObject({ sessionId: renewed.id });
  const sending = setInterval(() => server.recordUse(renewed.token), 10);
  const arrived = desktop.until(() =>
    desktop.subscriptionEvents.some(({ kind }) => kind === 'NEXT'),
  );
  await arrived.finally(() => clearInterval(sending));
  expect(desktop.subscriptionEvents).toContainEqual({ subscriptionId: 'uses', kind: 'CONNECTED' });
});

test('a token that comes back while the session is asked about is the one that stays', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const [session] = server.sessions;
  if (session === undefined) throw new Error('Nobody signed in.');
  const removed = session.token;
  server.removeToken(removed, 'DELETED', null);
  await desktop.until(() => desktop.notices.length > 0);
  const viewer = server.hold('Viewer');
  server.closeSockets(session);
  await viewer.made;
  expect(await desktop.core.answers.ensureSessionToken()).toEqual({ ok: true, value: null });
  const before = desktop.states.length;
  viewer.release();
  await desktop.until(() => desktop.states.length > before);
  await desktop.core.stop();
  expect(desktop.states.at(-1)?.session).toMatchObject({
    sessionToken: { status: 'LIVE', id: session.token.id },
  });
  const kept = await desktop.filesOnDisk();
  expect(kept).toContain(session.token.secret);
  expect(kept).not.toContain(removed.secret);
});

test('a token that is asked for twice at once is asked of the server once', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const { ensureSessionToken } = desktop.core.answers;
  const outcomes = await Promise.all([ensureSessionToken(), ensureSessionToken()]);
  expect(outcomes).toEqual([
    { ok: true, value: null },
    { ok: true, value: null },
  ]);
  expect(server.operations.filter((name) => name === 'EnsureSessionToken')).toHaveLength(1);
});

test('a token that is refused because the session is being renewed signs nobody out', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const { ensureSessionToken, reauthenticate } = desktop.core.answers;
  const signIn = server.hold('SignIn');
  const renewed = reauthenticate({ password: 'correct horse battery' });
  await signIn.made;
  expect(await ensureSessionToken()).toMatchObject({ problem: { code: 'SESSION_EXPIRED' } });
  signIn.release();
  expect((await renewed).ok).toBe(true);
  expect(desktop.notices).toEqual([]);
});

test('a renewal that fails does not end the session that another one is renewing', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const { ensureSessionToken, reauthenticate } = desktop.core.answers;
  const signIn = server.hold('SignIn');
  const renewed = reauthenticate({ password: 'correct horse battery' });
  await signIn.made;
  expect((await reauthenticate({ password: 'mistyped' })).ok).toBe(false);
  expect(await ensureSessionToken()).toMatchObject({ problem: { code: 'SESSION_EXPIRED' } });
  expect(desktop.state.session.status).toBe('SIGNED_IN');
  signIn.release();
  expect((await renewed).ok).toBe(true);
  expect(desktop.notices).toEqual([]);
});

function tokenStatus({ state: { session } }: DesktopCore): string {
  return session.status === 'SIGNED_IN' ? session.sessionToken.status : session.status;
}
