import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signedUp, signInOn, verify } from '../support/people.js';

const LIST = `query ($filter: AccessTokenFilter) {
  accessTokens(filter: $filter) {
    totalCount activeCount inactiveCount
    edges { node { description } }
  }
}`;

async function found(server: TestServer, secret: string, filter: object) {
  const { accessTokens } = await server.ask(LIST, { secret, variables: { filter } });
  const names = accessTokens.edges.map(
    ({ node }: { node: { description: string } }) => node.description,
  );
  expect(accessTokens.totalCount).toBe(names.length);
  return names.sort();
}

test('a search finds parts of descriptions in any case, and takes %, _ and ! literally', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const names = ['100% sure', 'snake_case', 'Watch out!', 'plain', "o'brien", 'a\\b', 'Straße ÄÖ'];
  for (const description of names) await createToken(server, secret, { description });
  const search = (text: string) => found(server, secret, { search: text });

  expect(await search('%')).toEqual(['100% sure']);
  expect(await search('_')).toEqual(['snake_case']);
  expect(await search('!')).toEqual(['Watch out!']);
  expect(await search("'")).toEqual(["o'brien"]);
  expect(await search('\\')).toEqual(['a\\b']);
  expect(await search('WATCH')).toEqual(['Watch out!']);
  expect(await search('straße äö')).toEqual(['Straße ÄÖ']);
  expect(await search('ｐｌａｉｎ')).toEqual(['plain']);
  expect(await search('no such')).toEqual([]);
  expect(await search('  ')).toHaveLength(names.length);
});

test('a search finds a token by the last four characters of its secret', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const token = await createToken(server, secret, { description: 'wanted' });
  const hint = `lkp_…${token.secret.slice(-4)}`;
  expect(await found(server, secret, { search: token.secret.slice(-4) })).toEqual(['wanted']);
  expect(await found(server, secret, { search: hint })).toEqual(['wanted']);
  expect(await found(server, secret, { search: 'lkp' })).toEqual([]);
});

test('a search of more than 100 characters is refused with the path', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const variables = { filter: { search: 'x'.repeat(101) } };
  const { extensions } = await server.error(LIST, { secret, variables });
  expect(extensions.fields?.[0]?.path).toBe('filter.search');
});

test('kinds and statuses filter, and the counts of active and inactive do not depend on it', async () => {
  await using server = await startServer();
  await signedUp(server, 'alice');
  const { sessionSecret: secret } = await signInOn(server, 'alice', 'laptop');
  const soon = new Date(server.clock.now() + 1000).toISOString();
  await createToken(server, secret, { description: 'good' });
  await createToken(server, secret, { description: 'expired', expiresAt: soon });
  const off = await createToken(server, secret, { description: 'off' });
  const gone = await createToken(server, secret, { description: 'gone' });
  await server.ask(
    `mutation { updateAccessToken(input: { id: "${off.id}", active: false }) { id }
      deleteAccessTokens(ids: ["${gone.id}"]) }`,
    { secret },
  );
  server.clock.advance(1000);
  const list = (filter: object) => found(server, secret, filter);

  expect(await list({})).toEqual(['expired', 'good', 'laptop', 'off']);
  expect(await list({ kinds: [], statuses: [] })).toEqual(['expired', 'good', 'laptop', 'off']);
  expect(await list({ kinds: ['SESSION'] })).toEqual(['laptop']);
  expect(await list({ kinds: ['PERSONAL'], statuses: ['ACTIVE'] })).toEqual(['good']);
  const repeated = { kinds: Array(900).fill('PERSONAL'), statuses: Array(900).fill('ACTIVE') };
  expect(await list(repeated)).toEqual(['good']);
  expect(await list({ statuses: ['INACTIVE'] })).toEqual(['off']);
  expect(await list({ statuses: ['EXPIRED'] })).toEqual(['expired']);
  expect(await list({ statuses: ['REMOVED', 'ACTIVE'] })).toEqual(['gone', 'good', 'laptop']);
  for (const filter of [{}, { search: 'good' }, { statuses: ['REMOVED'] }]) {
    const { accessTokens } = await server.ask(LIST, { secret, variables: { filter } });
    expect(accessTokens).toMatchObject({ activeCount: 2, inactiveCount: 2 });
  }
});

test('tokens unused since a date are those neither used nor created since, and come oldest use first', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const token = (description: string) => createToken(server, secret, { description });
  const unusedSince = (ms: number) =>
    found(server, secret, { unusedSince: new Date(ms).toISOString() });

  const [busy, idle] = [await token('busy'), await token('idle')];
  await token('never used');
  await verify(server, idle.secret);
  server.clock.advance(DAY);
  const dayLater = server.clock.now();
  await verify(server, busy.secret);
  await token('new');

  expect(await unusedSince(dayLater)).toEqual(['idle', 'never used']);
  expect(await unusedSince(dayLater + 1)).toEqual(['busy', 'idle', 'never used', 'new']);
  expect(await unusedSince(0)).toEqual([]);
  const page = async (after: string | null): Promise<string[]> => {
    const query = `query ($after: String) {
      accessTokens(orderBy: LAST_USED_AT_ASC, first: 1, after: $after) {
        pageInfo { hasNextPage endCursor } edges { node { description } } } }`;
    const { accessTokens } = await server.ask(query, { secret, variables: { after } });
    const names = accessTokens.edges.map(
      ({ node }: { node: { description: string } }) => node.description,
    );
    const { hasNextPage, endCursor } = accessTokens.pageInfo;
    return hasNextPage ? [...names, ...(await page(endCursor))] : names;
  };
  expect(await page(null)).toEqual(['never used', 'new', 'idle', 'busy']);
});
