import { expect, test } from 'vitest';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

test('signing out offline is done here at once, and the server hears of it when it is back', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const [session] = server.sessions;
  await server.stop();
  await desktop.core.answers.signOut();
  expect(desktop.state.session).toMatchObject({ status: 'SIGNED_OUT', notice: null });
  expect(desktop.state.pendingSignOutCount).toBe(1);
  expect(await desktop.filesOnDisk()).not.toContain(session?.token.secret);
  expect(session?.isOver).toBe(false);

  await server.listen();
  await desktop.core.answers.retryConnection();
  await desktop.until(() => desktop.state.pendingSignOutCount === 0);
  expect(session?.isOver).toBe(true);
});

test('a sign-out that the server has not heard of survives a restart, and then leaves nothing behind', async () => {
  await using server = await FakeLatchkey.start();
  const first = await DesktopCore.start();
  await first.signIn(server.address);
  const [session] = server.sessions;
  await server.stop();
  await first.core.answers.signOut();
  await first.core.stop();
  await server.listen();
  await using second = await DesktopCore.start({ directory: first.directory });
  await second.until(() => second.state.pendingSignOutCount === 0 && session?.isOver === true);
  expect(second.state.session.status).toBe('SIGNED_OUT');
  await second.core.stop();
  expect(await second.filesOnDisk()).not.toContain(session?.secret);
});

test('a sign-out of a session that is over already is not sent for ever', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const [session] = server.sessions;
  if (session !== undefined) session.isOver = true;
  await desktop.core.answers.signOut();
  await desktop.until(() => desktop.state.pendingSignOutCount === 0);
});

test('signing in somewhere else signs out here first, so that no session is forgotten', async () => {
  await using first = await FakeLatchkey.start();
  await using second = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(first.address);
  await desktop.signIn(second.address);
  await desktop.until(() => desktop.state.pendingSignOutCount === 0);
  expect(first.sessions.map(({ isOver }) => isOver)).toEqual([true]);
  expect(desktop.state).toMatchObject({
    serverAddress: second.address,
    session: { status: 'SIGNED_IN' },
  });
});

test('signing out while the password is on its way again leaves nobody signed in', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const signIn = server.hold('SignIn');
  const renewed = desktop.core.answers.reauthenticate({ password: 'correct horse battery' });
  await signIn.made;
  await desktop.core.answers.signOut();
  signIn.release();
  expect(await renewed).toMatchObject({ ok: false, problem: { code: 'SIGNED_OUT' } });
  expect(desktop.state.session).toMatchObject({ status: 'SIGNED_OUT', notice: null });
  await desktop.until(() => desktop.state.pendingSignOutCount === 0);
  expect(server.sessions.map(({ isOver }) => isOver)).toEqual([true, true]);
});
