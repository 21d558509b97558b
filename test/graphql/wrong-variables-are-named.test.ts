import { expect, test } from 'vitest';
import { PASSWORD, startServer } from '../support/latchkey.js';
import { SIGN_UP } from '../support/people.js';

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
