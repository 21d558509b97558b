import { expect, test } from 'vitest';
import { TestClock } from '../support/desktop-clock.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const USES = 'subscription { usageEventRecorded { id accessTokenId } }';

async function subscribed(server: FakeLatchkey) {
  const desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  await desktop.core.answers.subscribe({ subscriptionId: 'uses', query: USES });
  const token = server.sessions[0]?.token;
  if (token === undefined) throw new Error('Nobody signed in.');
  // The server has no word for "subscribed", so events are sent until one arrives.
  const arrived = desktop.until(() => desktop.subscriptionEvents.length > 0);
  const sending = setInterval(() => server.recordUse(token), 10);
  await arrived.finally(() => clearInterval(sending));
  return { desktop, token };
}

test('an event on the server arrives in the window', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, token } = await subscribed(server);
  await using _ = desktop;
  expect(desktop.subscriptionEvents[0]).toMatchObject({
    subscriptionId: 'uses',
    kind: 'NEXT',
    data: { usageEventRecorded: { accessTokenId: token.id } },
  });
});

test('after the line was lost a subscription says that it stands again, and goes on', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, token } = await subscribed(server);
  await using _ = desktop;
  await server.stop();
  await desktop.until(() => desktop.state.connection.status === 'OFFLINE');
  const heard = desktop.subscriptionEvents.length;
  await server.listen();
  await desktop.core.answers.retryConnection();
  const kinds = (): string[] => desktop.subscriptionEvents.slice(heard).map(({ kind }) => kind);
  await desktop.until(() => kinds().includes('CONNECTED'));
  const sending = setInterval(() => server.recordUse(token), 10);
  await desktop
    .until(() => kinds().lastIndexOf('NEXT') > kinds().indexOf('CONNECTED'))
    .finally(() => clearInterval(sending));
});

test('a subscription that the server does not know fails with its reason', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop } = await subscribed(server);
  await using _ = desktop;
  await desktop.core.answers.subscribe({
    subscriptionId: 'other',
    query: 'subscription { nothingOfTheKind }',
  });
  await desktop.until(() => desktop.subscriptionEvents.some(({ kind }) => kind === 'FAILED'));
});

test('a subscription that was stopped says nothing more', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, token } = await subscribed(server);
  await using _ = desktop;
  await desktop.core.answers.unsubscribe('uses');
  const before = desktop.subscriptionEvents.length;
  server.recordUse(token);
  server.removeToken(token, 'DELETED', null);
  await desktop.until(() => desktop.notices.some(({ kind }) => kind === 'SESSION_TOKEN_REMOVED'));
  expect(desktop.subscriptionEvents.length).toBe(before);
});

test('what main listens for comes after the server refused it for a while', async () => {
  await using server = await FakeLatchkey.start();
  await using desktop = await DesktopCore.start();
  server.failing.add('accessTokenChanged');
  await desktop.signIn(server.address);
  // Two parts of main listen for it.
  const refused = () => server.operations.filter((name) => name === 'accessTokenChanged').length;
  await expect.poll(refused).toBeGreaterThan(1);
  server.failing.clear();
  const told = desktop.until(() => desktop.notices.length > 0);
  const leaked = server.makeToken('build server');
  const telling = setInterval(() => server.removeToken(leaked, 'REPORTED_LEAKED', null), 10);
  await told.finally(() => clearInterval(telling));
});

test('a server that ends every subscription at once is asked again after waits only', async () => {
  await using server = await FakeLatchkey.start();
  const clock = new TestClock();
  await using desktop = await DesktopCore.start({ clock });
  server.completing.add('sessionEnded');
  await desktop.signIn(server.address);
  const count = () => server.operations.filter((name) => name === 'sessionEnded').length;
  await expect.poll(count).toBeGreaterThan(0);
  for (let asked = 0; asked < 10; asked++) {
    await desktop.core.answers.execute({ query: '{ viewer { account { id } } }' });
  }
  expect(count()).toBe(1);
  clock.advance(1_000);
  await expect.poll(count).toBe(2);
});
