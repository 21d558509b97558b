import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { SIGN_IN, signIn, signInOn, signInRequest, signUp } from '../support/people.js';

test('a session records device, address and program, and says which one asks', async () => {
  await using server = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  await signUp(server, 'alice');
  await signIn(server, 'alice', undefined, {
    ...signInRequest('alice'),
    headers: { 'user-agent': 'a-program/1.0', 'x-forwarded-for': '192.0.2.7' },
  });
  server.clock.advance(1000);
  const own = await signInOn(server, 'alice', 'laptop');
  const { sessions } = await server.ask(
    '{ sessions { client device { id name } ipAddress userAgent current accessToken { id } } }',
    { secret: own.sessionSecret },
  );

  expect(sessions).toMatchObject([
    {
      client: 'DESKTOP',
      device: { id: 'id of laptop', name: 'laptop' },
      current: true,
      accessToken: { id: own.accessTokenId },
    },
    {
      client: 'API',
      device: null,
      ipAddress: '192.0.2.7',
      userAgent: 'a-program/1.0',
      current: false,
      accessToken: null,
    },
  ]);
});

test('only a desktop sign-in mints a token', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  for (const client of ['API', 'BROWSER']) {
    const { variables } = signInRequest('alice', { device: 'laptop' }) as {
      variables: { input: object };
    };
    const input = { ...variables.input, client };
    const { signIn } = await server.ask(SIGN_IN, { variables: { input } });
    expect(signIn).toMatchObject({ accessToken: null, accessTokenSecret: null });
  }
});

test('each wrong field of a device is named, and a desktop sign-in without one is refused', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { variables } = signInRequest('alice') as { variables: { input: object } };
  const device = {
    id: '',
    name: 'x'.repeat(101),
    platform: 'a\u202eb',
    appVersion: 'one\ntwo',
  };
  const pathsOf = async (input: object) =>
    (await server.error(SIGN_IN, { variables: { input } })).extensions.fields?.map(
      ({ path }) => path,
    );

  expect(await pathsOf({ ...variables.input, device })).toEqual([
    'input.device.id',
    'input.device.name',
    'input.device.platform',
    'input.device.appVersion',
  ]);
  expect(await pathsOf({ ...variables.input, client: 'DESKTOP' })).toEqual(['input.device']);
});
