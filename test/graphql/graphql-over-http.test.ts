import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { graphql } from '../support/graphql.js';
import { startServer } from '../support/latchkey.js';
import { signedUp } from '../support/people.js';

/** Apollo answers 400 where 200 is preferred, and its CSRF protection wants a preflight of a GET. */
const KNOWN = [
  'notice: MAY accept application/x-www-form-urlencoded formatted GET requests',
  'notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  'warn: SHOULD use 200 status code on document parsing failure when accepting application/json',
  'warn: SHOULD use 200 status code on document validation failure when accepting application/json',
  'warn: SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
];

test("GraphQL over HTTP passes the specification's audits but for Apollo's six known choices", async () => {
  await using server = await startServer();
  const audits = serverAudits({ url: `${server.url}/graphql`, fetchFn: fetch });
  const odd: string[] = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== 'ok') odd.push(`${result.status}: ${audit.name}`);
  }
  expect(audits.length).toBeGreaterThan(55);
  expect(odd.sort()).toEqual(KNOWN);
});

test('a subscription over HTTP is answered with the way to a WebSocket, and nothing has failed', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const query = 'subscription { accessTokenChanged { kind } }';
  const { status, errors } = await graphql(server.url, query, { secret: sessionSecret });
  expect(status).toBe(400);
  expect(errors[0]).toMatchObject({
    message: expect.stringContaining('WebSocket'),
    extensions: { code: 'VALIDATION_FAILED' },
  });
});
