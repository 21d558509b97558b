import { expect, test } from 'vitest';
import { DAY } from '../support/days.js';
import { PASSWORD, startServer, type TestServer } from '../support/latchkey.js';
import { CREATE, createToken, signedUp, signIn, signInOn } from '../support/people.js';

const AT = (server: TestServer, ms: number) => new Date(server.clock.now() + ms).toISOString();

async function pathsRefused(server: TestServer, secret: string, input: object) {
  const variables = { input: { description: 'a token', scopes: ['READ'], ...input } };
  const { extensions } = await server.error(CREATE, { secret, variables });
  expect(extensions.code, JSON.stringify(input)).toBe('VALIDATION_FAILED');
  return extensions.fields?.map(({ path }) => path);
}

test('a description has 1 to 100 characters without controls, marks and reordering', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const wrong = ['', '   ', 'x'.repeat(101), 'a\nb', 'a\u0000b', 'a\u001b[31mb', 'a\u0085b'];
  wrong.push('\u3164', 'a\u2800', 'a\u00adb', 'a\u061cb', 'a\u034fb', 'a\uffa0', 'a\u{e0041}b');
  wrong.push('abc\u202egpj.exe', 'a\u2066b', 'a\u200bb', 'a\u2028b', '\ufeffa\u200f', 'a\ud800b');
  for (const description of wrong) {
    expect(await pathsRefused(server, sessionSecret, { description })).toEqual([
      'input.description',
    ]);
  }
  const { accessTokens } = await server.ask('{ accessTokens { totalCount } }', {
    secret: sessionSecret,
  });
  expect(accessTokens.totalCount).toBe(0);
});

test('a description is trimmed, and 100 characters of any script fit', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const kept = async (description: string) => {
    const { id } = await createToken(server, secret, { description });
    return (await server.ask(`{ accessToken(id: "${id}") { description } }`, { secret }))
      .accessToken.description;
  };
  expect(await kept('  build server ')).toBe('build server');
  expect(await kept('❤️ build server')).toBe('❤️ build server');
  for (const longest of ['x', 'é', '中', '🔑'].map((letter) => letter.repeat(100))) {
    expect(await kept(longest)).toBe(longest);
  }
});

test('a token has at least one scope, and a repeated one counts once', async () => {
  await using server = await startServer();
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  expect(await pathsRefused(server, secret, { scopes: [] })).toEqual(['input.scopes']);
  expect(await pathsRefused(server, secret, { scopes: ['READ', 'ADMIN'] })).toEqual([
    'input.scopes[1]',
  ]);
  const { id } = await createToken(server, secret, { scopes: ['WRITE', 'READ', 'WRITE'] });
  expect(
    (await server.ask(`{ accessToken(id: "${id}") { scopes } }`, { secret })).accessToken,
  ).toEqual({ scopes: ['READ', 'WRITE'] });
});

test('an expiry lies in the future', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  for (const expiresAt of [AT(server, 0), AT(server, -1), '1970-01-01T00:00:00.000Z']) {
    expect(await pathsRefused(server, sessionSecret, { expiresAt })).toEqual(['input.expiresAt']);
  }
  for (const nonsense of ['tomorrow', '2026-13-45T00:00:00.000Z', true, {}]) {
    expect(await pathsRefused(server, sessionSecret, { expiresAt: nonsense })).toEqual([
      'input.expiresAt',
    ]);
  }
  await createToken(server, sessionSecret, { expiresAt: AT(server, 1) });
});

test('where a maximum is set an expiry is a must and lies within it', async () => {
  await using server = await startServer({ LATCHKEY_TOKEN_MAX_DAYS: '30' });
  const { sessionSecret } = await signedUp(server, 'alice');
  const tooFar = { expiresAt: AT(server, 31 * DAY + 1) };
  expect(await pathsRefused(server, sessionSecret, tooFar)).toEqual(['input.expiresAt']);
  expect(await pathsRefused(server, sessionSecret, {})).toEqual(['input.expiresAt']);
  expect(await pathsRefused(server, sessionSecret, { expiresAt: null })).toEqual([
    'input.expiresAt',
  ]);
  await createToken(server, sessionSecret, { expiresAt: AT(server, 30 * DAY) });
  expect((await server.ask('{ serverInfo { tokenMaxLifetimeDays } }')).serverInfo).toEqual({
    tokenMaxLifetimeDays: 30,
  });
});

test('an expiry up to a day beyond the maximum is the maximum', async () => {
  await using server = await startServer({ LATCHKEY_TOKEN_MAX_DAYS: '30' });
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  for (const beyond of [1, DAY]) {
    const { id } = await createToken(server, secret, { expiresAt: AT(server, 30 * DAY + beyond) });
    expect(await server.ask(`{ accessToken(id: "${id}") { expiresAt } }`, { secret })).toEqual({
      accessToken: { expiresAt: AT(server, 30 * DAY) },
    });
  }
});

test('an expiry in seconds is counted by the server’s clock, up to the maximum itself', async () => {
  await using server = await startServer({ LATCHKEY_TOKEN_MAX_DAYS: '90' });
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const longest = (90 * DAY) / 1000;
  for (const expiresInSeconds of [1, longest]) {
    const { id } = await createToken(server, secret, { expiresInSeconds });
    expect(await server.ask(`{ accessToken(id: "${id}") { expiresAt } }`, { secret })).toEqual({
      accessToken: { expiresAt: AT(server, expiresInSeconds * 1000) },
    });
  }
  for (const expiresInSeconds of [0, -1, longest + 1]) {
    expect(await pathsRefused(server, secret, { expiresInSeconds })).toEqual([
      'input.expiresInSeconds',
    ]);
  }
  const both = { expiresInSeconds: 1, expiresAt: AT(server, DAY) };
  expect(await pathsRefused(server, secret, both)).toEqual(['input.expiresInSeconds']);
});

test('a token without a description is called by the date and the device', async () => {
  await using server = await startServer();
  const api = await signedUp(server, 'alice');
  const laptop = await signInOn(server, 'alice', 'laptop');
  const device = { id: 'a device', name: '🔑'.repeat(100) };
  const longName = await signIn(server, 'alice', undefined, {
    variables: { input: { username: 'alice', password: PASSWORD, client: 'DESKTOP', device } },
  });
  const day = AT(server, 0).slice(0, 10);
  const named = async ({ sessionSecret: secret }: { sessionSecret: string }) => {
    const variables = { input: { description: null, scopes: ['READ'] } };
    const create = CREATE.replace('{ id }', '{ description }');
    return (await server.ask(create, { secret, variables })).createAccessToken.accessToken
      .description;
  };
  expect(await named(api)).toBe(`Created ${day} through the API`);
  expect(await named(laptop)).toBe(`Created ${day} on laptop`);
  expect([...(await named(longName))]).toHaveLength(100);
});

test('every wrong field is named at once', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const input = { description: '', scopes: [], expiresAt: AT(server, -1) };
  expect(await pathsRefused(server, sessionSecret, input)).toEqual([
    'input.description',
    'input.scopes',
    'input.expiresAt',
  ]);
});

test('an account keeps as many tokens as the server allows, also when many are made at once', async () => {
  await using server = await startServer({ LATCHKEY_TOKENS_PER_ACCOUNT: '3' });
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const variables = { input: { description: 'a token', scopes: ['READ'] } };
  const codes = await Promise.all(
    Array.from({ length: 8 }, () => server.refusal(CREATE, { secret, variables })),
  );
  expect(codes.sort()).toEqual([
    ...Array(5).fill('LIMIT_REACHED'),
    ...Array(3).fill('not refused'),
  ]);

  const { accessTokens } = await server.ask('{ accessTokens { edges { node { id } } } }', {
    secret,
  });
  await server.ask(`mutation { deleteAccessTokens(ids: ["${accessTokens.edges[0].node.id}"]) }`, {
    secret,
  });
  expect(await server.refusal(CREATE, { secret, variables })).toBe('not refused');
});

test('a token that has expired takes nobody’s place', async () => {
  await using server = await startServer({ LATCHKEY_TOKENS_PER_ACCOUNT: '2' });
  const { sessionSecret } = await signedUp(server, 'alice');
  for (let count = 0; count < 2; count++) {
    await createToken(server, sessionSecret, { expiresAt: AT(server, 1000) });
  }
  const variables = { input: { description: 'a token', scopes: ['READ'] } };
  expect(await server.refusal(CREATE, { secret: sessionSecret, variables })).toBe('LIMIT_REACHED');
  server.clock.advance(1000);
  await createToken(server, sessionSecret);
});
