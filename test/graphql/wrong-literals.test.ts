import { expect, test } from 'vitest';
import { PASSWORD, startServer } from '../support/latchkey.js';
import { signedUp } from '../support/people.js';

const SIGN_UP = (input: string) => `mutation { signUp(${input}) { id } }`;
const CREATE = (fields: string) =>
  `mutation { createAccessToken(input: { description: "ci", ${fields} }) { secret } }`;

test.each([
  ['a field that is missing', SIGN_UP(`input: { username: "a", email: "b" }`), 'input.password'],
  [
    'a field that there is not',
    SIGN_UP(`input: { username: "a", email: "b", password: "${PASSWORD}", admin: true }`),
    'input.admin',
  ],
  [
    'a value of another type',
    SIGN_UP(`input: { username: { of: "${PASSWORD}" }, email: "b", password: "c" }`),
    'input.username',
  ],
  ['something else altogether', SIGN_UP(`input: "${PASSWORD}"`), 'input'],
  ['nothing', SIGN_UP('input: null'), 'input'],
  ['an argument that is missing', 'mutation { signUp { id } }', 'input'],
  ['an argument that there is not', '{ accessToken(id: "a", name: "b") { id } }', 'name'],
  [
    'a default of a variable',
    'query ($first: Int = "five") { accessTokens(first: $first) { totalCount } }',
    'first',
  ],
  [
    'a variable of a type that does not fit',
    'query ($first: String) { accessTokens(first: $first) { totalCount } }',
    'first',
  ],
  ['one of a list', CREATE('scopes: [READ, ALL]'), 'input.scopes[1]'],
  ['a time', CREATE('scopes: [READ], expiresAt: "tomorrow"'), 'input.expiresAt'],
])('%s is named by its path, and no value beside it is repeated', async (_, query, path) => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { message, extensions } = await server.error(query, { secret: sessionSecret });
  expect(extensions.code).toBe('VALIDATION_FAILED');
  expect(extensions.fields).toEqual([{ path, message }]);
  expect(message).not.toContain(PASSWORD);
});
