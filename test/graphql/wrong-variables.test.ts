import { expect, test } from 'vitest';
import { graphql } from '../support/graphql.js';
import { PASSWORD, startServer } from '../support/latchkey.js';
import { CREATE, SIGN_UP, signedUp } from '../support/people.js';

const RIGHT = { username: 'alice', email: 'alice@example.com', password: PASSWORD };

test.each([
  ['a field that is missing', { ...RIGHT, email: undefined }, 'input.email'],
  ['a field that is null', { ...RIGHT, email: null }, 'input.email'],
  ['a field that there is not', { ...RIGHT, admin: true }, 'input.admin'],
  ['a value of another type', { ...RIGHT, username: { of: PASSWORD } }, 'input.username'],
  ['something else altogether', PASSWORD, 'input'],
  ['nothing', undefined, 'input'],
])('%s is named by its path, and no value beside it is repeated', async (_, input, path) => {
  await using server = await startServer();
  const { message, extensions } = await server.error(SIGN_UP, { variables: { input } });
  expect(extensions.code).toBe('VALIDATION_FAILED');
  expect(extensions.fields).toEqual([{ path, message }]);
  expect(message).not.toContain(PASSWORD);
});

test.each([
  ['a scope', { scopes: [PASSWORD] }, 'input.scopes[0]'],
  ['a time', { expiresAt: PASSWORD }, 'input.expiresAt'],
])('%s that is none is not repeated either', async (_, wrong, path) => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const input = { description: 'ci', scopes: ['READ'], ...wrong };
  const request = { variables: { input }, secret: sessionSecret };
  const { message, extensions } = await server.error(CREATE, request);
  expect(extensions.fields).toEqual([{ path, message }]);
  expect(message).not.toContain(PASSWORD);
});

// Where each takes a time that grows with the square of its length, all of them take minutes.
test('wrong values that are as long as a request may be are refused as any other', async () => {
  await using server = await startServer();
  const values = ['x', ' at "', '" does not exist in "X" enum', 'cannot represent '];
  const wrong = values.flatMap((value) => {
    const long = value.repeat(200_000 / value.length);
    return [long, [long], { username: { of: long } }];
  });
  const refusals = await Promise.all(
    wrong.map((input) => server.error(SIGN_UP, { variables: { input } })),
  );
  for (const { message, extensions } of refusals) {
    expect(message.length).toBeLessThan(100);
    expect(extensions.fields?.[0]?.path).toMatch(/^input/);
  }
});

test('of many mistakes the first ten are named', async () => {
  await using server = await startServer();
  const input = { description: 'ci', scopes: Array(1000).fill('ALL') };
  const { errors } = await graphql(server.url, CREATE, { variables: { input } });
  expect(errors).toHaveLength(1);
  expect(errors[0]?.extensions.code).toBe('VALIDATION_FAILED');
  const paths = errors[0]?.extensions.fields?.map(({ path }) => path);
  expect(paths).toEqual(Array.from({ length: 10 }, (_, index) => `input.scopes[${index}]`));
});
