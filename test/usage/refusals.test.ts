import { randomBytes } from 'node:crypto';
import { makeSecret } from '@latchkey/shared';
import { expect, test } from 'vitest';
import type { UsageEvent } from '../../packages/server/dist/database/entities/usage-event.js';
import { UsageLog } from '../../packages/server/dist/usage/usage-log.js';
import { keptTexts } from '../../packages/server/dist/usage/usage-texts.js';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signedUp, signInOn, verify } from '../support/people.js';
import { openSocket } from '../support/socket.js';
import { usesOf } from '../support/uses.js';
import { onDisk } from './support/on-disk.js';

const MINUTE = 60_000;

async function repeatsIn(server: TestServer, session: string) {
  const { uses } = await usesOf(server, session, { first: 200 });
  return uses.map(({ repeatCount }) => repeatCount).reverse();
}

test('refusals are recorded one by one up to ten a minute for each reason, of living tokens too', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { id, secret } = await createToken(server, session);
  const other = await createToken(server, session);
  await using socket = await openSocket(server.url, session);
  const feed = await socket.subscribe(
    'subscription { usageEventRecorded { repeatCount repeatedUntil } }',
  );
  const refuse = async (times: number, query = '') => {
    for (let count = 0; count < times; count++) await verify(server, secret, query);
  };
  await refuse(14, '?scope=delete');
  server.clock.advance(MINUTE / 2);
  await refuse(1, '?scope=write');
  const until = new Date(server.clock.now()).toISOString();
  await server.ask(`mutation { deleteAccessTokens(ids: ["${id}"]) }`, { secret: session });
  await refuse(10);
  await verify(server, other.secret, '?scope=delete');
  expect(await repeatsIn(server, session)).toEqual(Array(21).fill(0));

  await server.server.housekeep();
  expect(await repeatsIn(server, session)).toEqual([...Array(21).fill(0), 4]);
  const [counted] = (await usesOf(server, session)).uses;
  expect(counted).toMatchObject({
    occurredAt: '2026-01-15T12:00:00.000Z',
    reason: 'This token lacks DELETE.',
    repeatCount: 4,
    repeatedUntil: until,
  });
  for (let count = 0; count < 21; count++) await feed.next();
  expect((await feed.next()).usageEventRecorded).toEqual({ repeatCount: 4, repeatedUntil: until });
  const { accessToken } = await server.ask(`{ accessToken(id: "${id}") { useCount lastUsedAt } }`, {
    secret: session,
  });
  expect(accessToken).toEqual({ useCount: 25, lastUsedAt: until });

  server.clock.advance(MINUTE);
  await refuse(3);
  expect((await repeatsIn(server, session)).slice(22)).toEqual([0, 0, 0]);
});

test("a caller's own words in a reason make no further reason of it", async () => {
  await using server = await startServer({ LATCHKEY_REGISTRY_SERVICE: 'a-registry' });
  const { sessionSecret: session } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, session, { scopes: ['READ', 'WRITE'] });
  const authorization = `Basic ${Buffer.from(`alice:${secret}`).toString('base64')}`;
  for (let count = 0; count < 15; count++) {
    const scope = `repository:team-${count}/app:push`;
    await fetch(`${server.url}/registry/token?service=a-registry&scope=${scope}`, {
      headers: { authorization },
    });
  }
  const { uses } = await usesOf(server, session);
  expect(new Set(uses.map(({ reason }) => reason)).size).toBe(10);
  expect(uses.map(({ outcome }) => outcome)).toEqual(Array(10).fill('REFUSED'));
});

test('what is no token of anybody leaves no record, however well it is formed', async () => {
  await using server = await startServer();
  const { sessionSecret: session } = await signedUp(server, 'root');
  const desktop = await signInOn(server, 'root', 'laptop');
  const { createResourceServer } = await server.ask(
    'mutation { createResourceServer(name: "api") { secret } }',
    { secret: session },
  );
  const secrets = [
    makeSecret('PERSONAL', randomBytes),
    makeSecret('SESSION_TOKEN', randomBytes),
    makeSecret('SESSION', randomBytes),
    session,
    desktop.sessionSecret,
    createResourceServer.secret,
    'lkp_junk',
  ];
  for (const secret of secrets) {
    expect(await verify(server, secret)).toBe(401);
    await server.error('{ viewer { account { id } } }', {
      secret: makeSecret('SESSION', randomBytes),
    });
  }
  expect(await onDisk(server.database)).toEqual({ bytes: 0, uses: 0 });
});

test.each([
  ['é', 125],
  ['日', 83],
  ['🔑', 62],
  ['"', 250],
  ['\u0000', 83],
  ['\u202e', 83],
  ['\ud83d', 83],
])(
  'a text of %j is cut by bytes, between two characters, and holds none that is invisible',
  (character, count) => {
    const isKept = /[é日🔑"]/u.test(character);
    expect(keptTexts({ resource: `alice/${character.repeat(300)}` })).toEqual({
      resource: `alice/${(isKept ? character : '\ufffd').repeat(count)}`,
      reason: null,
      action: null,
      ipAddress: null,
      userAgent: null,
    });
  },
);

test('more dead tokens than are remembered take no more memory', async () => {
  const recorded: string[] = [];
  let isAway = false;
  const recorder = {
    record: async ({ accessTokenId, repeats }: UsageEvent) => {
      if (isAway) throw new Error('The database is away.');
      recorded.push(`${accessTokenId} ${repeats?.count ?? 0}`);
    },
  };
  const log = new UsageLog(recorder as never, { now: () => 0 }, () => 'id');
  const refuse = (accessTokenId: string) =>
    log.recordRefusal(
      {
        accessTokenId,
        accountId: 'alice',
        outcome: 'REFUSED',
        endpoint: 'REST',
        reason: 'This token expired.',
        ipAddress: null,
      },
      'TOKEN_EXPIRED',
    );
  for (let count = 0; count < 13; count++) await refuse('first');
  expect(recorded).toEqual(Array(10).fill('first 0'));
  await log.writeCounts();
  expect(recorded.at(-1)).toBe('first 2');

  // So many later that it is forgotten, its refusals are recorded one by one again.
  for (let token = 0; token < 100_000; token++) await refuse(`token ${token}`);
  await refuse('first');
  expect(recorded.at(-1)).toBe('first 0');

  // What cannot be written is counted further, for so many tokens.
  for (let token = 95_000; token < 100_000; token++) {
    for (let count = 1; count < 10; count++) await refuse(`token ${token}`);
  }
  isAway = true;
  for (let token = 95_000; token < 100_000; token++) {
    for (let count = 0; count < 3; count++) await refuse(`token ${token}`);
  }
  await expect(log.writeCounts()).rejects.toThrow('away');
  for (let token = 95_000; token < 100_000; token++) await refuse(`token ${token}`);
  isAway = false;
  recorded.length = 0;
  await log.writeCounts();
  expect(recorded.length).toBeGreaterThan(1000);
  expect(recorded.length).toBeLessThanOrEqual(4096);
  expect(recorded).toContain('token 95000 3');
});
