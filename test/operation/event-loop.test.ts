import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FUZZ, FUZZ_LIMIT_MS, FUZZ_RUNS, madeUpDocument, sizes } from '../support/fuzz.js';
import { HOSTILE_DOCUMENTS, many, nested } from '../support/hostile-documents.js';
import { CREATE, SIGN_UP, signedUp } from '../support/people.js';
import { type RawRequest, rawHttp } from '../support/raw-http.js';
import { BOUND_MS, startWatched, type WatchedServer } from '../support/watched-server.js';

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
  return watched.longestTurn(send);
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

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc
    .tuple(sizes, fc.constantFrom('READ', 1, null, { a: 1 }))
    .map(([count, item]) => Array(count).fill(item)),
  sizes.map((count) =>
    Object.fromEntries(Array.from({ length: count }, (_, key) => [`k${key}`, key])),
  ),
  sizes.map((count) => 'x'.repeat(count)),
);
const variables = fc.dictionary(fc.constantFrom('input', 'v', 'v0', 'id', 'filter'), value);
const body = fc
  .record(
    { query: madeUpDocument, variables, extensions: value, operationName: value },
    { requiredKeys: ['query'] },
  )
  .map((request) => JSON.stringify(request).slice(0, 250_000));

test(
  'no request that chance makes up holds the event loop',
  async () => {
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        expect(await turnOf(posted(text))).toBeLessThan(BOUND_MS);
      }),
      { ...FUZZ, numRuns: FUZZ_RUNS },
    );
  },
  FUZZ_LIMIT_MS,
);
