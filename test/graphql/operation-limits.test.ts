import { expect, test } from 'vitest';
import { graphql } from '../support/graphql.js';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signedUp } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';
import { openSocket } from '../support/socket.js';

const JSON_TYPE = ['Content-Type', 'application/json'] as const;
const TOO_COMPLEX = { code: 'OPERATION_TOO_COMPLEX' };
/** `levels` fields below one another, through what leads from a token to its session and back. */
const deep = (levels: number) =>
  `{ sessions ${'{ accessToken { session '.repeat((levels - 2) / 2)}{ id }${' } }'.repeat((levels - 2) / 2)} }`;
const aliases = (count: number) =>
  `{ ${Array.from({ length: count }, (_, index) => `a${index}: __typename`).join(' ')} }`;
const aliased = (count: number) =>
  `{ ${Array.from({ length: count }, (_, index) => `a${index}: serverInfo { version }`).join(' ')} }`;
const rows = (first: string) =>
  `query ${first === '$n' ? '($n: Int = 200) ' : ''}{ accessTokens(first: ${first}) { edges { node { usageEvents(first: ${first}) {
    edges { node { id } } } } } } }`;

async function askedBy(server: TestServer) {
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  await createToken(server, secret);
  return (query: string) => server.refusal(query, { secret });
}

test('depth, aliases and cost are bounded, and what lies within the bounds is answered', async () => {
  await using server = await startServer();
  const refusal = await askedBy(server);
  expect(await refusal(deep(10))).toBe('not refused');
  expect(await refusal(deep(12))).toBe('OPERATION_TOO_COMPLEX');
  expect(await refusal(aliased(20))).toBe('not refused');
  expect(await refusal(aliased(21))).toBe('OPERATION_TOO_COMPLEX');
  expect(await refusal(rows('50'))).toBe('not refused');
  expect(await refusal(rows('200'))).toBe('OPERATION_TOO_COMPLEX');
  expect(await refusal(rows('$n'))).toBe('OPERATION_TOO_COMPLEX');
});

test('what reads more than it answers costs what it reads', async () => {
  await using server = await startServer();
  const refusal = await askedBy(server);
  const each = (first: number, field: string) =>
    `{ accessTokens(first: ${first}) { edges { node { ${field} } } } }`;
  expect(await refusal(each(9, 'recentCallers { useCount }'))).toBe('not refused');
  expect(await refusal(each(50, 'recentCallers { useCount }'))).toBe('OPERATION_TOO_COMPLEX');
  expect(await refusal(each(200, 'usageByDay { allowed }'))).toBe('not refused');
  const everySession = (first: number) =>
    `{ sessions { accessToken { usageEvents(first: ${first}) { edges { node { id } } } } } }`;
  expect(await refusal(everySession(20))).toBe('not refused');
  expect(await refusal(everySession(200))).toBe('OPERATION_TOO_COMPLEX');
});

test('fragments hide nothing from the bounds', async () => {
  await using server = await startServer();
  const refusal = await askedBy(server);
  const fragments = (count: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        `fragment F${index} on Session { accessToken { session { ...F${index + 1} } } }`,
    ).join(' ');
  const chain = `{ sessions { ...F0 } } ${fragments(6)} fragment F6 on Session { id }`;
  expect(await refusal(chain)).toBe('OPERATION_TOO_COMPLEX');
  const wide = `{ ...A ...A } fragment A on Query { ${Array.from({ length: 15 }, (_, index) => `a${index}: serverInfo { version }`).join(' ')} }`;
  expect(await refusal(wide)).toBe('OPERATION_TOO_COMPLEX');
  const cycle = '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
  expect(await refusal(cycle)).toBe('VALIDATION_FAILED');
});

test('a document that is too long, or holds too much, is too complex over HTTP and over a socket alike', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  await using socket = await openSocket(server.url, secret);
  const fields = (count: number) => `{ ${'__typename '.repeat(count)} }`;
  const refused = (message: string) => ({
    message: expect.stringContaining(message),
    extensions: TOO_COMPLEX,
  });

  expect(await server.refusal(fields(500), { secret })).toBe('not refused');
  expect(await socket.ask(fields(500))).toEqual({ data: { __typename: 'Query' } });
  const fragments = (count: number) =>
    `{ ...F0 } ${Array.from({ length: count }, (_, index) => `fragment F${index} on Query { __typename }`).join(' ')}`;
  for (const [query, message] of [
    [fields(501), '500 are allowed'],
    [`{ ${'a '.repeat(2010)}}`, 'at most 2000 tokens'],
    [fragments(25), 'at most 25 operations and fragments'],
    [`{ __typename } #${'x'.repeat(17_000)}`, 'at most 16384 characters'],
  ] as const) {
    expect(await server.error(query, { secret })).toMatchObject(refused(message));
    await expect(socket.ask(query)).rejects.toMatchObject([refused(message)]);
  }
});

test('what is wrong with a request is VALIDATION_FAILED over a socket too, and the socket stays open', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  await using socket = await openSocket(server.url, sessionSecret);
  const wrong = [
    '{',
    '',
    '{ nothing }',
    'query ($first: Int!) { __typename }',
    '{ usageEvents(filter: { since: "yesterday" }) { edges { cursor } } }',
    'query A { __typename } query B { __typename }',
  ];
  for (const query of wrong) {
    await expect(socket.ask(query), query).rejects.toMatchObject([
      { extensions: { code: 'VALIDATION_FAILED' } },
    ]);
  }
  expect(await socket.ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
});

test('the same bounds hold over a socket', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  await using socket = await openSocket(server.url, sessionSecret);
  for (const query of [deep(12), aliased(21), rows('200')]) {
    await expect(socket.ask(query)).rejects.toMatchObject([{ extensions: TOO_COMPLEX }]);
  }
});

test('a body of 10 MB is refused, announced or not, and the server goes on', async () => {
  await using server = await startServer();
  const big = Buffer.alloc(10 * 1024 * 1024, ' ');
  const announced = await rawHttp(server.url, '/graphql', {
    method: 'POST',
    headers: [JSON_TYPE],
    body: big,
  }).catch((error: NodeJS.ErrnoException) => error.code);
  // The answer may come before all is sent; the connection is then cut.
  expect(['ECONNRESET', 'EPIPE', 413]).toContain(
    typeof announced === 'object' ? announced.status : announced,
  );
  const small = Buffer.from(
    JSON.stringify({ query: '{ __typename }', padding: 'x'.repeat(300_000) }),
  );
  const justOver = await rawHttp(server.url, '/graphql', {
    method: 'POST',
    headers: [JSON_TYPE],
    body: small,
  });
  expect([justOver.status, JSON.parse(justOver.body).errors[0].extensions.code]).toEqual([
    413,
    'OPERATION_TOO_COMPLEX',
  ]);
  const chunked = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Blob([small]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(chunked.status).toBe(413);
  expect((await graphql(server.url, aliases(3))).status).toBe(200);
});

test('JSON of too many values or levels is too complex', async () => {
  await using server = await startServer();
  const query = '{ __typename }';
  const wide = { v: Array(2000).fill(1) };
  const deep = JSON.parse(`{"v":${'['.repeat(20)}${']'.repeat(20)}}`);
  for (const variables of [wide, deep]) {
    expect(await server.refusal(query, { variables })).toBe('OPERATION_TOO_COMPLEX');
  }
  expect(await server.refusal(query, { variables: { v: Array(1900).fill(1) } })).toBe(
    'not refused',
  );
});

test('malformed JSON and GraphQL, wrong types and unknown names are VALIDATION_FAILED and change nothing', async () => {
  await using server = await startServer();
  const bodies = [
    '{',
    '',
    'null',
    '[]',
    '"x"',
    '1',
    '{"query":1}',
    '{"query":"{"}',
    '{"query":""}',
  ];
  bodies.push('{"query":"{ nothing }"}', '{"query":"{ __typename }","variables":"x"}');
  bodies.push('{"query":"query A { __typename }","operationName":"B"}', '{"variables":{}}');
  bodies.push('{"query":"mutation { signUp(input: { username: 1 }) { id } }"}');
  bodies.push('{"query":"query ($first: Int!) { __typename }","variables":{"first":"x"}}');
  for (const body of bodies) {
    const answer = await rawHttp(server.url, '/graphql', {
      method: 'POST',
      headers: [JSON_TYPE],
      body,
    });
    expect(answer.status, body).toBe(400);
    expect(JSON.parse(answer.body).errors[0].extensions.code, body).toBe('VALIDATION_FAILED');
  }
  expect((await server.ask('{ serverInfo { setupRequired } }')).serverInfo.setupRequired).toBe(
    true,
  );
});
