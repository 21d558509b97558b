import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { pipelined } from '../support/pipelined.js';
import { makeHome } from '../support/process.js';
import { openStored } from '../support/stored.js';
import { type Use, usesOf } from '../support/uses.js';

const LONG = { 'user-agent': 'a'.repeat(256), 'x-original-uri': `/${'b'.repeat(255)}` };
const WITHIN = { timeout: 40_000 };

async function metric(server: { readonly url: string }, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

test('the oldest uses make room where the log is as large as it may be, after a warning', async () => {
  await using home = await makeHome();
  const server = await home.start({ LATCHKEY_USAGE_MAX_MB: '1' });
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, session);
  const use = async (count: number) => {
    const headers = { authorization: `Bearer ${secret}`, ...LONG };
    const statuses = await pipelined(server.url, '/auth/verify', headers, count);
    expect(statuses).toEqual(new Map([['200', count]]));
    return (await usesOf(server, session, { first: 1 })).uses[0] as Use;
  };
  const size = () => metric(server, 'latchkey_usage_log_bytes');
  expect(await metric(server, 'latchkey_usage_log_max_bytes')).toBe(1_000_000);
  const oldest = await use(1);
  await use(1350);
  expect(await size()).toBeGreaterThan(800_000);
  expect(JSON.parse(await server.logged('comes near LATCHKEY_USAGE_MAX_MB')).level).toBe('warn');
  const after = await use(1000);
  expect(JSON.parse(await server.logged('its oldest events are removed')).level).toBe('warn');
  await expect.poll(size, WITHIN).toBeLessThanOrEqual(1_000_000);
  expect(await size()).toBeGreaterThan(900_000);

  const { uses } = await usesOf(server, session, { first: 1 });
  expect(uses[0]).toEqual(after);
  const until = new Date(Date.parse(oldest.occurredAt) + 1).toISOString();
  expect((await usesOf(server, session, { filter: { until } })).uses).toEqual([]);
  const { accessToken } = await server.ask(`{ accessToken(id: "${id}") { useCount } }`, {
    secret: session,
  });
  expect(accessToken.useCount).toBe(2351);
});

test('the size that is counted is near that on disk, for busy tokens and for rare ones', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const token = await createToken(server, session);
  const near = async () => {
    await usesOf(server, session, { first: 1 });
    const share = (await metric(server, 'latchkey_usage_log_bytes')) / (await bytesOnDisk(server));
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(1.6);
  };
  const headers = { authorization: `Bearer ${token.secret}` };
  for (let round = 0; round < 200; round++) {
    server.clock.advance(60_000);
    expect(await verify(server, token.secret)).toBe(200);
  }
  await near();
  server.clock.advance(60_000);
  await pipelined(server.url, '/auth/verify', { ...headers, ...LONG }, 4000);
  await near();
});

async function bytesOnDisk({ database }: TestServer): Promise<number> {
  await using stored = await openStored(database);
  if (database.engine === 'sqlite') {
    const [row] = await stored.all<{ bytes: number }>(
      "SELECT SUM(pgsize) AS bytes FROM dbstat WHERE name LIKE 'usage_groups%'",
    );
    return Number(row?.bytes);
  }
  await stored.all('ANALYZE TABLE usage_groups');
  const [row] = await stored.all<{ bytes: number }>(
    `SELECT DATA_LENGTH + INDEX_LENGTH AS bytes FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'usage_groups'`,
  );
  return Number(row?.bytes);
}
