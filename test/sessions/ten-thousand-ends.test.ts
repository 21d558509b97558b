import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, signIn, signInOn, signUp, verify } from '../support/people.js';
import { openStored } from '../support/stored.js';

const SESSIONS = 10_000;
/** More than a verification's few turns of the event loop can let pass, and far less than all there are. */
const ENDED_MEANWHILE = SESSIONS / 20;

/** Copies the one desktop session and its token; the server never made so many, but it would look the same. */
const COPIES = `
  WITH RECURSIVE copy(number) AS (
    SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < ${SESSIONS - 1}
  )`;
const COPY_SESSIONS = `INSERT INTO sessions
  SELECT 'session ' || number, accountId, 'digest ' || number, client, deviceId, deviceName,
    devicePlatform, deviceAppVersion, ipAddress, userAgent, createdAt, lastSeenAt, expiresAt, liveUntil,
    endedAt, endReason
  FROM sessions, copy WHERE client = 'DESKTOP'`;
const COPY_TOKENS = `INSERT INTO access_tokens (id, accountId, kind, description, descriptionFolded, hint,
    scopes, active, expiresAt, createdAt, sessionId, useCount)
  SELECT 'token ' || number, accountId, kind, description, descriptionFolded, hint, scopes, active,
    expiresAt, createdAt, 'session ' || number, 0
  FROM access_tokens, copy WHERE kind = 'SESSION'`;

test('10,000 sessions that end at once let verifications through all the while', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  await signInOn(server, 'alice', 'laptop');
  await using stored = await openStored(server.database);
  await stored.run(`BEGIN; ${COPIES} ${COPY_SESSIONS}; ${COPIES} ${COPY_TOKENS}; COMMIT`);
  server.clock.advance(29 * DAY);
  const { sessionSecret } = await signIn(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  const live = async () => {
    const [row] = await stored.all<{ live: number }>(
      "SELECT COUNT(*) AS live FROM sessions WHERE client = 'DESKTOP' AND liveUntil IS NOT NULL",
    );
    return row?.live ?? 0;
  };
  expect(await live()).toBe(SESSIONS);
  server.clock.advance(DAY);

  let done = false;
  const housekeeping = server.server.housekeep().then(() => {
    done = true;
  });
  const endedMeanwhile = [];
  while (!done) {
    const before = await live();
    expect(await verify(server, secret)).toBe(200);
    endedMeanwhile.push(before - (await live()));
  }
  await housekeeping;

  expect(await live()).toBe(0);
  expect(Math.max(...endedMeanwhile)).toBeLessThanOrEqual(ENDED_MEANWHILE);
  const [left] = await stored.all<{ left: number }>(
    "SELECT COUNT(*) AS left FROM access_tokens WHERE kind = 'SESSION' AND removedAt IS NULL",
  );
  expect(left?.left).toBe(0);
});

test('all other sessions end, also where they are more than a statement takes values', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  await signInOn(server, 'alice', 'laptop');
  await using stored = await openStored(server.database);
  const copies = COPIES.replace(String(SESSIONS - 1), '17000');
  await stored.run(`BEGIN; ${copies} ${COPY_SESSIONS}; ${copies} ${COPY_TOKENS}; COMMIT`);
  await server.ask('mutation { endOtherSessions }', { secret });
  const [live] = await stored.all<{ count: number }>(
    'SELECT COUNT(*) AS count FROM sessions WHERE endedAt IS NULL',
  );
  const [tokens] = await stored.all<{ count: number }>(
    'SELECT COUNT(*) AS count FROM access_tokens WHERE removedAt IS NULL',
  );
  expect([live?.count, tokens?.count]).toEqual([1, 0]);
});
