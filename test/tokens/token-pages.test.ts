import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';

const ORDERS = [
  'CREATED_AT_DESC',
  'CREATED_AT_ASC',
  'LAST_USED_AT_DESC',
  'EXPIRES_AT_ASC',
  'DESCRIPTION_ASC',
] as const;
const PAGE = `query ($orderBy: AccessTokenOrder, $first: Int, $after: String) {
  accessTokens(orderBy: $orderBy, first: $first, after: $after) {
    edges { node { id createdAt lastUsedAt expiresAt description } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const UPDATE = 'mutation ($id: ID!) { deleteAccessTokens(ids: [$id]) }';

interface Node {
  readonly id: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly description: string;
}

const inOrder: Record<(typeof ORDERS)[number], (one: Node, other: Node) => boolean> = {
  CREATED_AT_DESC: (one, other) => one.createdAt >= other.createdAt,
  CREATED_AT_ASC: (one, other) => one.createdAt <= other.createdAt,
  LAST_USED_AT_DESC: (one, other) => (one.lastUsedAt ?? '') >= (other.lastUsedAt ?? ''),
  EXPIRES_AT_ASC: (one, other) => (one.expiresAt ?? 'never') <= (other.expiresAt ?? 'never'),
  DESCRIPTION_ASC: (one, other) => one.description.toLowerCase() <= other.description.toLowerCase(),
};

interface Plan {
  readonly descriptions: readonly string[];
  readonly expiryDays: readonly (number | undefined)[];
  readonly pageSize: number;
  /** What happens after each page. */
  readonly meanwhile: readonly { what: 'create' | 'delete' | 'use'; which: number }[];
}

const plans: fc.Arbitrary<Plan> = fc.record({
  descriptions: fc.array(fc.constantFrom('a', 'A', 'b', 'é', 'zz', 'B b'), {
    minLength: 3,
    maxLength: 10,
  }),
  expiryDays: fc.array(fc.constantFrom(undefined, 1, 2, 2), { minLength: 10, maxLength: 10 }),
  pageSize: fc.integer({ min: 1, max: 4 }),
  meanwhile: fc.array(
    fc.record({
      what: fc.constantFrom('create' as const, 'delete' as const, 'use' as const),
      which: fc.nat(9),
    }),
    { maxLength: 6 },
  ),
});

async function makeTokens(server: TestServer, session: string, plan: Plan) {
  const made = [];
  for (const [index, description] of plan.descriptions.entries()) {
    const days = plan.expiryDays[index];
    const expiresAt = days && new Date(Date.UTC(2026, 5, days)).toISOString();
    made.push(await createToken(server, session, { description, ...(expiresAt && { expiresAt }) }));
    if (index % 2 === 0) server.clock.advance(1000);
    if (index % 3 === 0) await verify(server, made.at(-1)?.secret ?? '');
  }
  return made;
}

/** Reads page after page while `plan.meanwhile` happens; @returns what was read and what was left alone. */
async function readThrough(server: TestServer, secret: string, orderBy: string, plan: Plan) {
  const tokens = await makeTokens(server, secret, plan);
  const touched = new Set<string>();
  const read: Node[] = [];
  const events = [...plan.meanwhile];
  let after: string | undefined;
  do {
    const variables = { orderBy, first: plan.pageSize, after };
    const { accessTokens } = await server.ask(PAGE, { secret, variables });
    read.push(...accessTokens.edges.map(({ node }: { node: Node }) => node));
    after = accessTokens.pageInfo.hasNextPage ? accessTokens.pageInfo.endCursor : undefined;
    const event = events.shift();
    if (event === undefined) continue;
    const token = tokens[event.which % tokens.length];
    server.clock.advance(1000);
    if (event.what === 'create' || token === undefined) {
      await createToken(server, secret, { description: 'b' });
      continue;
    }
    touched.add(token.id);
    if (event.what === 'use') await verify(server, token.secret);
    else await server.ask(UPDATE, { secret, variables: { id: token.id } });
  } while (after !== undefined);
  return { read, untouched: tokens.filter(({ id }) => !touched.has(id)) };
}

test.each(ORDERS)(
  'paging by %s neither skips nor repeats a token while others come and go',
  async (orderBy) => {
    await using server = await startServer();
    let accounts = 0;
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { sessionSecret } = await signedUp(server, `user${accounts++}`);
        const { read, untouched } = await readThrough(server, sessionSecret, orderBy, plan);
        const ids = read.map(({ id }) => id);
        const settled = read.filter(({ id }) => untouched.some((token) => token.id === id));

        for (const { id } of untouched) expect(ids.filter((each) => each === id)).toEqual([id]);
        expect(new Set(ids).size).toBe(ids.length);
        for (const [index, node] of settled.entries()) {
          const next = settled[index + 1];
          if (next) expect(inOrder[orderBy](node, next)).toBe(true);
        }
      }),
      { numRuns: 8 },
    );
  },
);

test('a cursor of another order and one that is none are refused with the path', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  await createToken(server, secret);
  await createToken(server, secret);
  const first = await server.ask(PAGE, {
    secret,
    variables: { orderBy: 'CREATED_AT_ASC', first: 1 },
  });
  const { endCursor } = first.accessTokens.pageInfo;
  for (const after of [endCursor, 'nonsense', '{}', 'bnVsbA', '='.repeat(300)]) {
    const variables = { orderBy: 'DESCRIPTION_ASC', first: 1, after };
    const { extensions } = await server.error(PAGE, { secret, variables });
    expect(extensions).toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ path: 'after' }] });
  }
});

test("another account's cursor shows nothing of that account", async () => {
  await using server = await startServer();
  const alice = await signedUp(server, 'alice');
  const bob = await signedUp(server, 'bob');
  await createToken(server, alice.sessionSecret);
  await createToken(server, alice.sessionSecret);
  const first = await server.ask(PAGE, { secret: alice.sessionSecret, variables: { first: 1 } });
  const variables = { first: 10, after: first.accessTokens.pageInfo.endCursor };
  const { accessTokens } = await server.ask(PAGE, { secret: bob.sessionSecret, variables });
  expect(accessTokens.edges).toEqual([]);
});

test('a page has 1 to 200 rows', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  for (const first of [0, -1, 201]) {
    const { extensions } = await server.error(PAGE, { secret, variables: { first } });
    expect(extensions.fields?.[0]?.path).toBe('first');
  }
  await server.ask(PAGE, { secret, variables: { first: 200 } });
});
