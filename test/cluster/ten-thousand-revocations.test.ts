import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, type ClusterServer, startCluster } from '../support/cluster.js';
import { type StoredToken, storeTokens } from '../support/many-tokens.js';
import { signIn, signUp, verify } from '../support/people.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const GRACE_MS = 1000;
const TOKENS_A_CALL = 100;
const CALLS_AN_ACCOUNT = 10;
const AT_ONCE = 12;
const DELETE = 'mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }';

interface Revocable extends StoredToken {
  /** When the revocation was acknowledged, by `performance.now()`. */
  revokedAt?: number;
}

/** What was seen of revoked tokens. */
interface Seen {
  revoked: number;
  /** Verifications that were sent later than the grace after the acknowledgement. */
  asked: number;
  acceptedLate: number;
  /** The latest acceptance after an acknowledgement, in milliseconds. */
  latestMs: number;
}

/** Asks `server` of `token`, and notes where it is let in after its revocation. */
async function use(server: ClusterServer, token: Revocable, seen: Seen): Promise<void> {
  const sentAt = performance.now();
  const status = await verify(server, token.secret);
  const sinceMs = sentAt - (token.revokedAt ?? Number.POSITIVE_INFINITY);
  if (sinceMs > GRACE_MS) seen.asked++;
  if (status !== 200) return;
  if (sinceMs > GRACE_MS) seen.acceptedLate++;
  seen.latestMs = Math.max(seen.latestMs, sinceMs);
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>) {
  const left = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

/**
 * Revokes all tokens of an account of its own, a hundred at a time through `servers[turn]`. Before that the other servers let each
 * token in, so that they know it; after the grace they are asked about each again, and all the while about random ones.
 * @param halfway is called when half of them are revoked.
 */
async function revokeAnAccounts(
  name: string,
  turn: number,
  calls: number,
  seen: Seen,
  halfway: () => void = () => undefined,
) {
  const server = cluster.servers[turn % 3] as ClusterServer;
  const others = cluster.servers.filter((each) => each !== server);
  const accountId = await signUp(server, name);
  const { sessionSecret } = await signIn(server, name);
  const tokens: Revocable[] = await storeTokens(cluster, accountId, calls * TOKENS_A_CALL);
  const onOthers = tokens.flatMap((token) => others.map((other) => ({ token, other })));

  await inParallel(onOthers, async ({ token, other }) => {
    expect(await verify(other, token.secret)).toBe(200);
  });
  let revoking = true;
  const load = inParallel(cluster.servers.concat(cluster.servers), async (each) => {
    while (revoking) {
      const token = tokens[Math.floor(Math.random() * tokens.length)];
      if (token) await use(each, token, seen);
    }
  });
  for (let call = 0; call < calls; call++) {
    if (call === calls / 2) halfway();
    const part = tokens.slice(call * TOKENS_A_CALL, (call + 1) * TOKENS_A_CALL);
    const variables = { ids: part.map(({ id }) => id) };
    await server.ask(DELETE, { variables, secret: sessionSecret });
    for (const token of part) token.revokedAt = performance.now();
    seen.revoked += part.length;
  }
  await setTimeout(GRACE_MS + 1); // the guarantee's own time
  revoking = false;
  await load;
  await inParallel(onOthers, ({ token, other }) => use(other, token, seen));
}

const nothingSeen = (): Seen => ({ revoked: 0, asked: 0, acceptedLate: 0, latestMs: 0 });

function report(how: string, { revoked, asked, latestMs }: Seen) {
  process.stdout.write(
    `${how}: ${revoked} revocations, ${asked} verifications later than a second after them; the last acceptance ${Math.round(latestMs)} ms after an acknowledgement\n`,
  );
}

test('of 10,000 tokens revoked under load not one is accepted a second later', async () => {
  const seen = nothingSeen();
  for (let account = 0; account < 10; account++) {
    await revokeAnAccounts(`with-redis-${account}`, account, CALLS_AN_ACCOUNT, seen);
  }
  report('With Redis', seen);
  expect(seen.revoked).toBe(10_000);
  expect(seen.asked).toBeGreaterThanOrEqual(20_000);
  expect(seen.acceptedLate).toBe(0);
});

test('nor with Redis stopped in the middle of it, or gone', async () => {
  const { program } = cluster.redis;
  const seen = nothingSeen();
  await revokeAnAccounts('redis-stops', 0, CALLS_AN_ACCOUNT, seen, () => program.pause());
  await revokeAnAccounts('redis-stopped', 1, 4, seen);
  program.signal('SIGCONT');
  await program.kill();
  await revokeAnAccounts('redis-gone', 2, 4, seen);
  await program.start();
  report('Without Redis', seen);
  expect(seen.revoked).toBe(1800);
  expect(seen.asked).toBeGreaterThanOrEqual(3600);
  expect(seen.acceptedLate).toBe(0);
});
