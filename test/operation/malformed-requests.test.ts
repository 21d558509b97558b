import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp, verify } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';

const REQUESTS = 10_000;
const AT_ONCE = 20;

const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });
const headerValue = printable.map((text) => text.trim());
const authorization = fc.oneof(
  headerValue,
  fc
    .tuple(fc.constantFrom('Bearer', 'Basic', 'token', 'AccessToken', 'bEaReR', ''), headerValue)
    .map((parts) => parts.join(' ').trim()),
  fc
    .tuple(
      fc.constantFrom('lkp_', 'lka_', 'lks_', 'lko_'),
      fc.string({ minLength: 30, maxLength: 40, unit: fc.constantFrom(...'0aZ9x') }),
    )
    .map((parts) => `Bearer ${parts.join('')}`),
);
const query = fc.oneof(
  printable,
  fc.constantFrom(
    '{ viewer { account { username } } }',
    'mutation { signOut }',
    'subscription { usageEventRecorded { id } }',
    '{ accessTokens(first: -1) { totalCount } }',
    'mutation { signIn(input: { username: 1, password: [] }) { sessionSecret } }',
    '{ a: serverInfo { version } ...F } fragment F on Query { ...F }',
    `{ ${'x '.repeat(3000)} }`,
  ),
);
const graphqlBody = fc.oneof(
  fc.json().map(String),
  printable,
  fc
    .record(
      { query, variables: fc.jsonValue(), operationName: fc.jsonValue() },
      { requiredKeys: [] },
    )
    .map((body) => JSON.stringify(body)),
);
const malformed = fc.oneof(
  fc.record({
    path: fc.oneof(
      fc.constant('/graphql'),
      printable.map((text) => `/graphql?query=${encodeURIComponent(text)}`),
    ),
    method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT', 'DELETE', 'PATCH'),
    contentType: fc.constantFrom(
      'application/json',
      'application/json',
      'text/plain',
      'application/graphql',
      'a/b',
    ),
    authorization,
    body: graphqlBody,
  }),
  fc.record({
    path: fc.oneof(
      fc.constantFrom(
        '/auth/verify',
        '/auth/verify?scope=read',
        '/auth/verify?scope',
        '/auth/verify/%ff',
      ),
      printable.map((text) => `/auth/verify?scope=${encodeURIComponent(text)}`),
      printable.map((text) => `/auth/${encodeURIComponent(text)}`),
    ),
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE'),
    contentType: fc.constant('application/json'),
    authorization,
    body: printable,
  }),
);

test('10,000 malformed requests are answered as what they are, and the server serves on', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const token = await createToken(server, sessionSecret);
  const requests = fc.sample(malformed, { numRuns: REQUESTS, seed: 20_260_115 });
  const failures: string[] = [];

  const work = requests[Symbol.iterator]();
  const worker = async () => {
    for (const { path, method, contentType, authorization, body } of work) {
      const { status, body: answer } = await rawHttp(server.url, path, {
        method,
        headers: [
          ['Content-Type', contentType],
          ['Authorization', authorization],
        ],
        body: method === 'GET' || method === 'HEAD' ? '' : body,
      });
      if (status >= 500 || answer.includes('INTERNAL'))
        failures.push(`${status} ${method} ${path} ${body}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));

  expect(failures).toEqual([]);
  expect(await verify(server, token.secret)).toBe(200);
});
