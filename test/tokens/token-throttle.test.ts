import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { CREATE, createToken, signedUp, signInOn } from '../support/people.js';

const ROTATE = 'mutation ($id: ID!) { rotateAccessToken(id: $id) { secret } }';
const ENSURE = 'mutation { ensureSessionToken { secret } }';

test('an account makes so many tokens and secrets an hour, and signs in all the same', async () => {
  await using server = await startServer({ LATCHKEY_TOKENS_PER_HOUR: '4' });
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const bob = await signedUp(server, 'bob');
  const desktop = await signInOn(server, 'alice', 'laptop');
  const { id } = await createToken(server, secret);
  await createToken(server, secret);
  await server.ask(ROTATE, { secret, variables: { id } });
  await server.ask(ENSURE, { secret: desktop.sessionSecret });

  const input = { description: 'one more', scopes: ['READ'] };
  const error = await server.error(CREATE, { secret, variables: { input } });
  expect(error.extensions.code).toBe('RATE_LIMITED');
  expect(error.extensions.retryAfterSeconds).toBeGreaterThan(0);
  expect(error.extensions.retryAfterSeconds).toBeLessThanOrEqual(60 * 60);
  expect(await server.refusal(ROTATE, { secret, variables: { id } })).toBe('RATE_LIMITED');
  expect(await server.refusal(ENSURE, { secret: desktop.sessionSecret })).toBe('RATE_LIMITED');
  await signInOn(server, 'alice', 'phone');
  await createToken(server, bob.sessionSecret);
});

test('what is refused for its fields does not count', async () => {
  await using server = await startServer({ LATCHKEY_TOKENS_PER_HOUR: '1' });
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const input = { description: '', scopes: ['READ'] };
  for (let count = 0; count < 3; count++) {
    expect(await server.refusal(CREATE, { secret, variables: { input } })).toBe(
      'VALIDATION_FAILED',
    );
  }
  await createToken(server, secret);
});
