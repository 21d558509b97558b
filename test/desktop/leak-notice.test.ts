import { expect, test } from 'vitest';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const NOTE = 'The secret was found and reported as leaked, from 203.0.113.9.';

test('a token that somebody found is told of once, with where to look; other removals are not', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const [deleted, leaked] = [server.makeToken('old laptop'), server.makeToken('build server')];
  const own = server.sessions[0]?.token;
  if (own === undefined) throw new Error('Nobody signed in.');

  server.removeToken(deleted, 'DELETED', null);
  server.removeToken(leaked, 'REPORTED_LEAKED', NOTE);
  server.removeToken(own, 'REPORTED_LEAKED', NOTE);
  await desktop.until(() => desktop.notices.length > 1);
  expect(desktop.notices.map(({ kind, route }) => [kind, route])).toEqual([
    ['TOKEN_REPORTED_LEAKED', `/tokens/${leaked.id}`],
    ['SESSION_TOKEN_REMOVED', '/'],
  ]);
  expect(desktop.notices[0]?.body).toContain(`“build server” no longer works. ${NOTE}`);
  expect(desktop.notices[1]?.body).toContain(NOTE);
});

test('a session whose secret was found says so when it ends', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const [session] = server.sessions;
  if (session === undefined) throw new Error('Nobody signed in.');
  server.endSession(session, 'REPORTED_LEAKED');
  await desktop.until(() => desktop.notices.length > 0);
  expect(desktop.notices[0]?.body).toContain('reported it as leaked');
});
