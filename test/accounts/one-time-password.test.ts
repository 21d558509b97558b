import { expect, test } from 'vitest';
import { PASSWORD, startServer } from '../support/latchkey.js';
import { SIGN_IN, signUp } from '../support/people.js';

const WRONG = 'a wrong password';

test('a one-time password is refused while there is no second factor', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  for (const [password, oneTimePassword] of [
    [PASSWORD, '123456'],
    [PASSWORD, ''],
    [WRONG, '123456'],
  ]) {
    const { extensions, message } = await server.error(SIGN_IN, {
      variables: { input: { username: 'alice', password, oneTimePassword } },
    });
    expect(extensions).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'input.oneTimePassword', message }],
    });
  }
  const input = { username: 'alice', password: PASSWORD, oneTimePassword: null };
  await server.ask(SIGN_IN, { variables: { input } });
});
