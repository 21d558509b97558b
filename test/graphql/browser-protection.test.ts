import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { graphql } from '../support/graphql.js';
import { startServer } from '../support/latchkey.js';
import { SIGN_UP, signedUp } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';
import { openSocket } from '../support/socket.js';

const QUERY = '/graphql?query=%7B__typename%7D';

test('a request that a foreign page could send without being asked is refused', async () => {
  await using server = await startServer();
  expect((await rawHttp(server.url, QUERY)).status).toBe(400);
  const preflighted = [['Apollo-Require-Preflight', 'true']] as const;
  expect((await rawHttp(server.url, QUERY, { headers: preflighted })).status).toBe(200);

  const body = JSON.stringify({
    query: SIGN_UP,
    variables: { input: { username: 'mallory', email: 'a@b.c', password: 'a long enough one' } },
  });
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    '',
  ]) {
    const headers = type === '' ? [] : [['Content-Type', type] as const];
    const { status } = await rawHttp(server.url, '/graphql', { method: 'POST', headers, body });
    expect(status, type).toBeGreaterThanOrEqual(400);
    expect(status, type).toBeLessThan(500);
  }
  expect((await server.ask('{ serverInfo { setupRequired } }')).serverInfo.setupRequired).toBe(
    true,
  );
});

test('a mutation is never carried out by GET', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { status } = await rawHttp(server.url, '/graphql?query=mutation%7BsignOut%7D', {
    headers: [
      ['Authorization', `Bearer ${sessionSecret}`],
      ['Apollo-Require-Preflight', 'true'],
    ],
  });
  expect(status).toBe(405);
  await server.ask('{ sessions { id } }', { secret: sessionSecret });
});

test('a batch of operations is refused', async () => {
  await using server = await startServer();
  const body = JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]);
  const headers = [['Content-Type', 'application/json']] as const;
  const answer = await rawHttp(server.url, '/graphql', { method: 'POST', headers, body });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body).errors[0].extensions.code).toBe('VALIDATION_FAILED');
});

test.each([
  [{ LATCHKEY_INTROSPECTION: 'false' }, 'VALIDATION_FAILED'],
  [{ NODE_ENV: 'production' }, 'VALIDATION_FAILED'],
  [{ NODE_ENV: 'production', LATCHKEY_INTROSPECTION: 'true' }, 'not refused'],
  [{ NODE_ENV: 'development' }, 'not refused'],
])('introspection under %j: %s', async (env, expected) => {
  await using server = await startServer(env as Record<string, string>);
  const { sessionSecret: secret } = await signedUp(server, 'alice');
  const query = '{ __schema { queryType { name } } }';
  expect(await server.refusal(query)).toBe(expected);
  await using socket = await openSocket(server.url, secret);
  const answered = await socket.ask(query).then(
    () => 'not refused',
    () => 'VALIDATION_FAILED',
  );
  expect(answered).toBe(expected);
});

test('where introspection is off, a request for the schema is answered with where it stands', async () => {
  await using server = await startServer({ LATCHKEY_INTROSPECTION: 'false' });
  const query = '{ __type(name: "Query") { name } }';
  const { errors } = await graphql(server.url, query);
  expect(errors[0]?.message).toMatch(/introspection is off.+packages\/shared\/schema\.graphql/);
});

test('a page of somewhere else opens no socket; our own, a configured one and a program do', async () => {
  await using server = await startServer({ LATCHKEY_ORIGINS: 'https://latchkey.example.com' });
  const { sessionSecret } = await signedUp(server, 'alice');
  for (const origin of ['https://evil.example.com', 'null', 'nonsense', 'http://127.0.0.1:1']) {
    await expect(openSocket(server.url, sessionSecret, { origin }), origin).rejects.toThrow();
  }
  for (const origin of [server.url, 'https://latchkey.example.com', undefined]) {
    await using socket = await openSocket(server.url, sessionSecret, origin ? { origin } : {});
    await socket.ask('{ __typename }');
  }
});

test('a socket elsewhere than at /graphql is not opened', async () => {
  await using server = await startServer();
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/elsewhere`,
    'graphql-transport-ws',
  );
  const message = await new Promise((resolve) =>
    socket.once('error', (error) => resolve(error.message)),
  );
  expect(message).toContain('404');
});
