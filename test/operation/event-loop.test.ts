import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { HOSTILE_DOCUMENTS, many, nested } from '../support/hostile-documents.js';
import { CREATE, SIGN_UP, signedUp } from '../support/people.js';
import { type RawRequest, rawHttp } from '../support/raw-http.js';
import { startWatched, type WatchedServer } from '../support/watched-server.js';

/** Twenty is what the server is made for; the rest is for machines that are slow or busy. */
const BOUND_MS = 50;
/** How many requests are made up; thousands are for a soak. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
const TOKENS = 200;

let watched: WatchedServer;
let secret: string;

beforeAll(async () => {
  watched = await startWatched({
    LATCHKEY_REGISTRY_SERVICE: 'a-registry',
    LATCHKEY_TOKENS_PER_HOUR: '100000',
  });
  const { server } = watched;
  secret = (await signedUp(server, 'alice')).sessionSecret;
  for (let index = 0; index < TOKENS; index++) {
    const variables = { input: { description: `token ${index}`, scopes: ['READ'] } };
    await server.ask(CREATE, { variables, secret });
  }
});
afterAll(() => watched[Symbol.asyncDispose]());

interface Hostile extends RawRequest {
  readonly path: string;
}

const JSON_TYPE = ['Content-Type', 'application/json'] as const;
const FORM_TYPE = ['Content-Type', 'application/x-www-form-urlencoded'] as const;

/** A request of GraphQL's whose body is `body` as it is. */
function posted(body: string): Hostile {
  const headers = [JSON_TYPE, ['Authorization', `Bearer ${secret}`]] as const;
  return { path: '/graphql', method: 'POST', headers, body };
}

const asked = (query: string, variables: object = {}) =>
  posted(JSON.stringify({ query, variables }));
const form = (path: string, body: string): Hostile => ({
  path,
  method: 'POST',
  headers: [FORM_TYPE, ['Authorization', `Basic ${btoa(`a:${'b'.repeat(4000)}`)}`]],
  body,
});

function turnOf(request: Hostile): Promise<number> {
  const send = () => rawHttp(watched.server.url, request.path, request).catch(() => undefined);
  return watched.longestTurn(send, BOUND_MS);
}

/** Those of `requests` that held the event loop for too long, with how long. */
async function tooLong(requests: Readonly<Record<string, Hostile>>): Promise<object> {
  const found: Record<string, number> = {};
  for (const [name, request] of Object.entries(requests)) {
    const turn = await turnOf(request);
    if (turn > BOUND_MS) found[name] = turn;
  }
  return found;
}

test('no document holds the event loop', async () => {
  const documents = Object.entries(HOSTILE_DOCUMENTS);
  expect(
    await tooLong(Object.fromEntries(documents.map(([name, query]) => [name, asked(query)]))),
  ).toEqual({});
});

test('no body and no variables hold the event loop', async () => {
  const input = (count: number) => `"input":{${many(count, '"k#":1,')}"k":1}`;
  const wrong = (variables: string) => posted(`{"query":${JSON.stringify(SIGN_UP)},${variables}}`);
  const deep = nested(100_000, '[', '1', ']');
  const long = 'x'.repeat(200_000);
  expect(
    await tooLong({
      'unknown fields': wrong(`"variables":{${input(20_000)}}`),
      'as many as may be': wrong(`"variables":{${input(1900)}}`),
      'unknown variables': wrong(`"variables":{${many(20_000, '"k#":1,')}"k":1}`),
      'wrong items': asked(CREATE, { input: { scopes: Array(1900).fill('ALL') } }),
      'long wrong items': asked(CREATE, { input: { scopes: Array(50).fill('A'.repeat(4000)) } }),
      'one long wrong item': asked(CREATE, { input: { scopes: [long] } }),
      'a long name': asked(SIGN_UP, { input: { [long]: 1 } }),
      'lists within one another': wrong(`"variables":{"input":${deep}}`),
      'objects within one another': wrong(`"variables":${nested(40_000, '{"a":', '1', '}')}`),
      extensions: wrong(`"extensions":{${many(20_000, '"k#":1,')}"k":1}`),
      'a body of lists': posted(deep),
      'a body of keys': posted(`{${many(20_000, '"k#":1,')}"k":1}`),
      'a body of one string': posted(JSON.stringify('\n'.repeat(120_000))),
    }),
  ).toEqual({});
});

test('no form, report or query string holds the event loop', async () => {
  const scopes = many(3000, 'scope=repository:a/#:pull&');
  const report = (body: string): Hostile => ({
    path: '/credentials/revoke',
    method: 'POST',
    headers: [JSON_TYPE],
    body,
  });
  const query = (path: string, text: string): Hostile => ({
    path: `${path}?${text.slice(0, 15_000)}`,
    headers: [['Authorization', `Bearer ${secret}`]],
  });
  expect(
    await tooLong({
      'fields of an introspection': form('/oauth2/introspect', many(6000, 'token#=a&')),
      'tokens of an introspection': form('/oauth2/introspect', 'token=a&'.repeat(8000)),
      'escapes of an introspection': form('/oauth2/introspect', `token=${'%41'.repeat(21_000)}`),
      'scopes of a form': form('/registry/token', `grant_type=password&${scopes}`),
      'one long scope': form('/registry/token', `scope=${'repository:a:pull+'.repeat(3000)}`),
      'a scope of brackets': form('/registry/token', `scope=${'('.repeat(60_000)}:a:pull`),
      'actions of a scope': form('/registry/token', `scope=repository:a:${'pull,'.repeat(12_000)}`),
      'scopes of a query': query('/registry/token', scopes),
      'a page of repositories': query('/api/v0/repositories', `pageStart=${'a/'.repeat(7000)}`),
      'scopes of a verification': query('/auth/verify', 'scope=read&'.repeat(1300)),
      'secrets of a report': report(JSON.stringify({ credentials: Array(1000).fill('lkp_0') })),
      'long secrets': report(JSON.stringify({ credentials: Array(120).fill('l'.repeat(1000)) })),
      'a report of keys': report(`{${many(9000, '"k#":1,')}"credentials":[]}`),
      'a report of lists': report(nested(60_000, '[', '', ']')),
    }),
  ).toEqual({});
});

const amount = fc.oneof(fc.nat(20), fc.nat(600), fc.nat(20_000));
const piece = fc.constantFrom(
  ...[
    'a# ',
    'id ',
    '... on Query ',
    '{ ',
    '} ',
    '[',
    ']',
    '(id: "#") ',
    '$v# ',
    ': ',
    '@skip(if: $v#) ',
  ],
  ...[
    '...F# ',
    'fragment F# on Query ',
    'query Q#($v: ID) ',
    'accessToken(id: #) { id } ',
    '"x" ',
    '"""',
  ],
  ...[
    'sessions { accessToken { session { id } } } ',
    'accessTokens(first: #) { edges { node ',
    '\n',
    '#,',
  ],
);
const document = fc.oneof(
  fc
    .array(fc.tuple(amount, piece), { minLength: 1, maxLength: 8 })
    .map((parts) => `{ ${parts.map(([count, text]) => many(count, text)).join('')} }`),
  // A document that once was slow, with a part of it missing or repeated.
  fc
    .tuple(fc.constantFrom(...Object.values(HOSTILE_DOCUMENTS)), fc.nat(), fc.nat(200), fc.nat(5))
    .map(([text, at, length, times]) => {
      const start = at % text.length;
      return (
        text.slice(0, start) +
        text.slice(start, start + length).repeat(times) +
        text.slice(start + length)
      );
    }),
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc
    .tuple(amount, fc.constantFrom('READ', 1, null, { a: 1 }))
    .map(([count, item]) => Array(count).fill(item)),
  amount.map((count) =>
    Object.fromEntries(Array.from({ length: count }, (_, key) => [`k${key}`, key])),
  ),
  amount.map((count) => 'x'.repeat(count)),
);
const variables = fc.dictionary(fc.constantFrom('input', 'v', 'v0', 'id', 'filter'), value);
const body = fc
  .record(
    { query: document, variables, extensions: value, operationName: value },
    { requiredKeys: ['query'] },
  )
  .map((request) => JSON.stringify(request).slice(0, 250_000));

/** fast-check prints the seed of what fails; `FUZZ_SEED` repeats it. */
const PARAMETERS = {
  ...(process.env['FUZZ_SEED'] && { seed: Number(process.env['FUZZ_SEED']) }),
  endOnFailure: true,
};

test('no request that chance makes up holds the event loop', async () => {
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      expect(await turnOf(posted(text))).toBeLessThan(BOUND_MS);
    }),
    { ...PARAMETERS, numRuns: RUNS },
  );
});

/** A socket whose credential is good. */
async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(
    `${watched.server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  socket.on('error', () => undefined);
  await once(socket, 'open');
  const payload = { authorization: `Bearer ${secret}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await once(socket, 'message');
  return socket;
}

const message = fc
  .oneof(
    fc
      .tuple(document, fc.constantFrom('1', '2', '3'))
      .map(([query, id]) => ({ id, type: 'subscribe', payload: { query } })),
    fc.constantFrom(
      { id: '1', type: 'complete' },
      { type: 'ping' },
      { type: 'pong' },
      { type: 'connection_init' },
      { id: '1', type: 'next', payload: 1 },
      {
        id: '4',
        type: 'subscribe',
        payload: { query: 'subscription { usageEventRecorded { id } }' },
      },
      { id: '5', type: 'subscribe', payload: { query: SIGN_UP, variables: { input: 1 } } },
    ),
  )
  .map((content) => JSON.stringify(content));

test('no messages that chance makes up hold the event loop', async () => {
  const messages = fc.array(fc.tuple(message, fc.integer({ min: 1, max: 100 })), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(messages, async (parts) => {
      const work = async () => {
        const socket = await openSocket();
        for (const [text, count] of parts)
          for (let index = 0; index < count; index++) socket.send(text);
        socket.ping();
        await Promise.race([once(socket, 'pong'), once(socket, 'close')]);
        socket.terminate();
      };
      expect(await watched.longestTurn(work, BOUND_MS)).toBeLessThan(BOUND_MS);
    }),
    { ...PARAMETERS, numRuns: Math.ceil(RUNS / 5) },
  );
});
