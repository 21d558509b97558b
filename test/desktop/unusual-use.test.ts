import { expect, test } from 'vitest';
import { familiarNetworkOf } from '../../packages/desktop/src/main/notices/network.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';
import type { FakeToken } from '../support/fake-latchkey-data.js';

const DAY_MS = 24 * 60 * 60 * 1000;

async function withToken(server: FakeLatchkey) {
  const desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const token = server.sessions[0]?.token;
  if (token === undefined) throw new Error('Nobody signed in.');
  return { desktop, token };
}

function pastUse(token: FakeToken, daysAgo: number, ipAddress: string): void {
  const occurredAt = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
  const id = `past-${token.uses.length}`;
  token.uses.push({ id, occurredAt, ipAddress, userAgent: null, outcome: 'ALLOWED' });
}

test('the first use after 30 quiet days is told of, the next one is not', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, token } = await withToken(server);
  await using _ = desktop;
  pastUse(token, 40, '203.0.113.9');
  server.recordUse(token);
  await desktop.until(() => desktop.notices.length > 0);
  server.recordUse(token);
  server.recordUse(token, { ipAddress: '198.51.100.1' });
  await desktop.until(() => desktop.notices.length > 1);
  expect(desktop.notices.map(({ kind, route }) => [kind, route])).toEqual([
    ['TOKEN_USED_AFTER_SILENCE', `/tokens/${token.id}`],
    ['TOKEN_USED_FROM_NEW_NETWORK', `/tokens/${token.id}`],
  ]);
  expect(desktop.notices[0]?.title).toContain('40 quiet days');
});

test('the first use of a token that is 30 days old is told of where no other is on record', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, token } = await withToken(server);
  await using _ = desktop;
  token.createdAt = new Date(Date.now() - 31 * DAY_MS).toISOString();
  server.recordUse(token);
  await desktop.until(() => desktop.notices.length > 0);
  expect(desktop.notices).toMatchObject([{ kind: 'TOKEN_USED_AFTER_SILENCE' }]);
  expect(desktop.notices[0]?.title).toContain('for the first time on record');
});

test('refused uses, however many, do not hide how long a token was quiet', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, token } = await withToken(server);
  await using _ = desktop;
  pastUse(token, 40, '203.0.113.9');
  for (let count = 0; count < 250; count++) server.recordUse(token, { outcome: 'REFUSED' });
  server.recordUse(token);
  await desktop.until(() => desktop.notices.length > 0);
  expect(desktop.notices[0]?.title).toContain('40 quiet days');
});

test('a new token’s first use ever, a neighbour in the same network, and a refused use are nothing to tell', async () => {
  await using server = await FakeLatchkey.start();
  const { desktop, token } = await withToken(server);
  await using _ = desktop;
  server.recordUse(token);
  server.recordUse(token, { ipAddress: '203.0.113.200' });
  server.recordUse(token, { ipAddress: '198.51.100.1', outcome: 'REFUSED' });
  server.recordUse(token, { ipAddress: '192.0.2.1' });
  await desktop.until(() => desktop.notices.length > 0);
  expect(desktop.notices).toHaveLength(1);
  expect(desktop.notices[0]?.body).toContain('192.0.2.1');
});

test.each([
  ['203.0.113.7', '203.0.113'],
  ['::ffff:203.0.113.7', '203.0.113'],
  ['2001:db8:1:2::5', '2001:db8:1'],
  ['2001:0db8:0001:ffff:0:0:0:1', '2001:db8:1'],
  ['::1', '0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0'],
  ['not an address', undefined],
])('the network of %s is %s', (address, network) => {
  expect(familiarNetworkOf(address)).toBe(network);
});
