import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, type ClusterServer, startCluster } from '../support/cluster.js';
import { DAY } from '../support/days.js';
import { createToken, signIn, signInOn, signUp, verify } from '../support/people.js';
import { until } from '../support/until.js';

const SECOND_MS = 1000;
const SOON_MS = 10 * SECOND_MS;
const NOW = 'SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';
const REGISTRY = 'a-registry';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({
    // The first to start is the housekeeper.
    clocksOffMs: [30 * SECOND_MS, 0, -30 * SECOND_MS],
    env: { LATCHKEY_REGISTRY_SERVICE: REGISTRY },
  });
});
afterAll(() => cluster[Symbol.asyncDispose]());

const now = async () => Number(await cluster.query(NOW));

/** What every server answers ahead of a moment, and once it has passed by the database's clock. */
async function around<Answer>(
  momentMs: number,
  ask: (server: ClusterServer) => Promise<Answer>,
): Promise<{ before: Answer[]; after: Answer[] }> {
  const before = await Promise.all(cluster.servers.map(ask));
  expect(await now()).toBeLessThan(momentMs);
  await until('the moment has passed', 20_000, async () => (await now()) > momentMs);
  return { before, after: await Promise.all(cluster.servers.map(ask)) };
}

test.concurrent('servers whose clocks are 30 seconds apart agree on when a token expires', async () => {
  const { servers } = cluster;
  await signUp(servers[1], 'alice');
  const { sessionSecret } = await signIn(servers[2], 'alice');
  const expiresAtMs = (await now()) + SOON_MS;
  const expiresAt = new Date(expiresAtMs).toISOString();
  const { secret } = await createToken(servers[0], sessionSecret, { expiresAt });

  expect(await around(expiresAtMs, (server) => verify(server, secret))).toEqual({
    before: [200, 200, 200],
    after: [401, 401, 401],
  });
});

test.concurrent('a session that was begun on any of them ends at the same distance', async () => {
  await signUp(cluster.servers[1], 'erin');
  for (const server of cluster.servers) {
    const begunAt = await now();
    const { sessionId } = await signIn(server, 'erin');
    const [idleMs, maxMs] = await Promise.all(
      ['liveUntil', 'expiresAt'].map(async (column) => {
        const end = await cluster.query(`SELECT ${column} FROM sessions WHERE id = ?`, [sessionId]);
        return Number(end) - begunAt;
      }),
    );
    // However long signing in took, it was not as long as the clocks are apart.
    expect(Math.abs(Number(idleMs) - 30 * DAY)).toBeLessThan(20 * SECOND_MS);
    expect(Math.abs(Number(maxMs) - 90 * DAY)).toBeLessThan(20 * SECOND_MS);
  }
});

test.concurrent.each([
  ['idle', ['UPDATE sessions SET liveUntil = ? WHERE id = ?']],
  [
    'absolute',
    [
      'UPDATE sessions SET liveUntil = ? WHERE id = ?',
      'UPDATE sessions SET expiresAt = ? WHERE id = ?',
      'UPDATE access_tokens SET expiresAt = ? WHERE sessionId = ?',
    ],
  ],
])('they agree on a session’s %s end, and on its token’s', async (kind, statements) => {
  const { servers, query } = cluster;
  await signUp(servers[1], kind);
  const { sessionId, sessionSecret, accessTokenSecret } = await signInOn(servers[2], kind, 'desk');
  const endsAtMs = (await now()) + SOON_MS;
  for (const statement of statements) await query(statement, [endsAtMs, sessionId]);

  const stands = (server: ClusterServer) =>
    server.ask('{ viewer { account { username } } }', { secret: sessionSecret }).then(
      () => true,
      (error: Error) => {
        if (error.message.includes('SESSION_EXPIRED')) return false;
        throw error;
      },
    );
  const answers = await around(endsAtMs, (server) =>
    Promise.all([stands(server), verify(server, accessTokenSecret)]),
  );
  expect(answers).toEqual({
    before: Array(3).fill([true, 200]),
    after: Array(3).fill([false, 401]),
  });
});

test.concurrent('they agree on the end of a rotation’s overlap', async () => {
  const { servers, query } = cluster;
  await signUp(servers[1], 'carol');
  const { sessionSecret } = await signIn(servers[1], 'carol');
  const { id, secret: old } = await createToken(servers[1], sessionSecret);
  const { rotateAccessToken } = await servers[0].ask(
    `mutation ($id: ID!) { rotateAccessToken(id: $id, overlapSeconds: ${SOON_MS / SECOND_MS}) { secret } }`,
    { secret: sessionSecret, variables: { id } },
  );
  const endsAtMs = Number(
    await query(
      'SELECT validUntil FROM access_token_secrets WHERE accessTokenId = ? AND validUntil IS NOT NULL',
      [id],
    ),
  );
  const answers = await around(endsAtMs, (server) =>
    Promise.all([verify(server, old), verify(server, rotateAccessToken.secret)]),
  );
  expect(answers).toEqual({ before: Array(3).fill([200, 200]), after: Array(3).fill([401, 200]) });
});

test.concurrent('a registry token of any of them is good from now on, by the keys of every other', async () => {
  const { servers } = cluster;
  await signUp(servers[1], 'dave');
  const { sessionSecret } = await signIn(servers[1], 'dave');
  const { secret } = await createToken(servers[1], sessionSecret);
  const headers = { authorization: `Basic ${btoa(`dave:${secret}`)}` };
  const json = async (url: string, init: RequestInit = {}) => (await fetch(url, init)).json();
  const query = `service=${REGISTRY}&scope=repository:dave/app:pull`;
  for (const server of servers) {
    const { token } = await json(`${server.url}/registry/token?${query}`, { headers });
    const takenAtMs = await now();
    for (const other of servers) {
      const keys = createLocalJWKSet(await json(`${other.url}/registry/jwks.json`));
      const { payload } = await jwtVerify(token, keys, {
        audience: REGISTRY,
        currentDate: new Date(takenAtMs),
        clockTolerance: 1,
      });
      const leftSeconds = Number(payload.exp) - takenAtMs / SECOND_MS;
      expect(leftSeconds).toBeGreaterThan(280);
      expect(leftSeconds).toBeLessThanOrEqual(301);
    }
  }
});

test.concurrent('what is kept for a time is kept to its end, though the housekeeper’s clock is ahead', async () => {
  const { servers, query } = cluster;
  await signUp(servers[1], 'grace');
  const { sessionSecret } = await signIn(servers[1], 'grace');
  const tokens = [
    await createToken(servers[1], sessionSecret),
    await createToken(servers[1], sessionSecret),
  ];
  const ended = [await signIn(servers[1], 'grace'), await signIn(servers[1], 'grace')];
  for (const { secret } of tokens) await verify(servers[1], secret);
  await servers[1].ask('mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }', {
    secret: sessionSecret,
    variables: { ids: tokens.map(({ id }) => id) },
  });
  for (const session of ended) {
    await servers[1].ask('mutation { signOut }', { secret: session.sessionSecret });
  }
  await until('the uses are in their groups', 30_000, async () => {
    return Number(await query('SELECT COUNT(*) FROM usage_journal')) === 0;
  });
  const uses = await Promise.all(
    tokens.map(({ id }) => query('SELECT id FROM usage_groups WHERE accessTokenId = ?', [id])),
  );

  const dueAtMs = (await now()) + SOON_MS;
  // The first of each is due already: once it is gone, the second was looked at.
  for (const [index, atMs] of [dueAtMs - 2 * SOON_MS, dueAtMs].entries()) {
    const keptSinceMs = atMs - 90 * DAY;
    const use = `${idPrefixOf(keptSinceMs)}${String(uses[index]).slice(13)}`;
    await query('UPDATE usage_groups SET id = ? WHERE id = ?', [use, String(uses[index])]);
    await query('UPDATE access_tokens SET removedAt = ? WHERE id = ?', [
      keptSinceMs,
      tokens[index]?.id ?? '',
    ]);
    await query('UPDATE sessions SET endedAt = ? WHERE id = ?', [
      keptSinceMs,
      ended[index]?.sessionId ?? '',
    ]);
  }
  const left = async () => {
    const counts = [
      query('SELECT COUNT(*) FROM access_tokens WHERE id IN (?)', [tokens.map(({ id }) => id)]),
      query('SELECT COUNT(*) FROM sessions WHERE id IN (?)', [ended.map((each) => each.sessionId)]),
      query('SELECT COUNT(*) FROM usage_groups WHERE accessTokenId IN (?)', [
        tokens.map(({ id }) => id),
      ]),
    ];
    return (await Promise.all(counts)).map(Number);
  };
  await until('what was due is gone', SOON_MS, async () => Math.max(...(await left())) < 2);
  expect(await left()).toEqual([1, 1, 1]);
  expect(await now()).toBeLessThan(dueAtMs);
  await until('the rest has gone too', 20_000, async () => Math.max(...(await left())) === 0);
  expect(await now()).toBeGreaterThan(dueAtMs);
});

/** The part of an identifier that says when it was made. */
function idPrefixOf(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

test.concurrent('uses are listed in the order in which they were made, whichever server recorded them', async () => {
  const { servers } = cluster;
  await signUp(servers[0], 'bob');
  const { sessionSecret } = await signIn(servers[0], 'bob');
  const { secret } = await createToken(servers[0], sessionSecret);
  for (const [index, server] of servers.entries()) {
    const headers = { authorization: `Bearer ${secret}`, 'x-original-uri': `/use-${index}` };
    await fetch(`${server.url}/auth/verify`, { headers });
  }
  const { usageEvents } = await servers[1].ask('{ usageEvents { edges { node { resource } } } }', {
    secret: sessionSecret,
  });
  const resources = usageEvents.edges.map(
    ({ node }: { node: { resource: string } }) => node.resource,
  );
  expect(resources).toEqual(['/use-2', '/use-1', '/use-0']);
});
