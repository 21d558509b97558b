import { expect, test } from 'vitest';
import { PASSWORD } from '../support/latchkey.js';
import { createToken, signIn, signInOn, signUp, verify } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { bytesOf } from '../support/stored.js';

const ROTATE = `mutation ($id: ID!) { rotateAccessToken(id: $id, overlapSeconds: 60) { secret } }`;

test('no secret that was issued, and no password, is in the database or in the log', async () => {
  await using home = await makeHome();
  const server = await home.start({ LATCHKEY_LOG_LEVEL: 'debug' });
  await signUp(server, 'alice');
  const session = await signIn(server, 'alice');
  const desktop = await signInOn(server, 'alice', 'laptop');
  const token = await createToken(server, session.sessionSecret);
  const { rotateAccessToken } = await server.ask(ROTATE, {
    variables: { id: token.id },
    secret: session.sessionSecret,
  });
  const secrets = [
    PASSWORD,
    session.sessionSecret,
    desktop.sessionSecret,
    desktop.accessTokenSecret,
    desktop.deviceKey ?? '',
    token.secret,
    rotateAccessToken.secret,
  ];
  for (const secret of secrets) {
    await verify(server, secret);
    await verify(server, secret, `?scope=${secret}`);
    await fetch(`${server.url}/auth/verify/${secret}`);
    await server.refusal(`{ accessToken(id: "${secret}") { id } }`, { secret });
    await server.refusal(`{ ${secret.replace(/\W/g, '')} }`, { secret });
  }
  await server.stop();

  const log = server.log.join('\n');
  expect(log).toContain('Listening');
  for (const secret of secrets) expect(log).not.toContain(secret);
  const stored = await bytesOf(home.database);
  expect(stored.size).toBeGreaterThan(0);
  for (const [name, bytes] of stored) {
    for (const secret of secrets) expect([name, bytes.includes(secret)]).toEqual([name, false]);
  }
});
