import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type TestServer } from '../support/latchkey.js';
import { createToken, signedUp } from '../support/people.js';

let server: TestServer & AsyncDisposable;
let secret: string;
let sessionSecret: string;
beforeAll(async () => {
  server = await startServer({
    LATCHKEY_RESOURCE_SERVERS: `wiki:${'w'.repeat(32)}`,
    LATCHKEY_REGISTRY_SERVICE: 'registry',
  });
  ({ sessionSecret } = await signedUp(server, 'alice'));
  ({ secret } = await createToken(server, sessionSecret));
});
afterAll(() => server[Symbol.asyncDispose]());

const MARK = '\ufeff';
const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
const post = (path: string, type: string, body: string, authorization?: string) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': type, ...(authorization && { authorization }) },
    body,
  });
const FORM = 'application/x-www-form-urlencoded';

test.each(['\n', '\r\n', ' ', '\t'])(
  'white space after a secret is no part of it, wherever it is sent: %j',
  async (space) => {
    const loose = `${secret}${space}`;
    const headers = { authorization: basic('alice', loose) };
    expect((await fetch(`${server.url}/auth/verify`, { headers })).status).toBe(200);
    expect((await fetch(`${server.url}/registry/token`, { headers })).status).toBe(200);

    const form = new URLSearchParams({ token: loose }).toString();
    const wiki = basic('wiki', 'w'.repeat(32) + space);
    const introspected = await post('/oauth2/introspect', FORM, form, wiki);
    expect(await introspected.json()).toMatchObject({ active: true, username: 'alice' });

    const grant = { grant_type: 'password', username: 'alice', password: loose };
    const issued = await post('/registry/token', FORM, new URLSearchParams(grant).toString());
    expect(issued.status).toBe(200);
  },
);

test('a secret that was found is ended with the white space that was found with it', async () => {
  const found = await createToken(server, sessionSecret);
  const report = JSON.stringify({ credentials: [` ${found.secret}\n`] });
  expect((await post('/credentials/revoke', 'application/json', report)).status).toBe(202);
  const headers = { authorization: `Bearer ${found.secret}` };
  expect((await fetch(`${server.url}/auth/verify`, { headers })).status).toBe(401);
});

test('a byte order mark before JSON or a form is passed over', async () => {
  const query = JSON.stringify({ query: '{ __typename }' });
  const answer = await post('/graphql', 'application/json', MARK + query);
  expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });

  const form = `${MARK}token=${secret}`;
  const introspected = await post('/oauth2/introspect', FORM, form, basic('wiki', 'w'.repeat(32)));
  expect(await introspected.json()).toMatchObject({ active: true });

  const report = MARK + JSON.stringify({ credentials: [] });
  expect((await post('/credentials/revoke', 'application/json', report)).status).toBe(202);
});

test('an empty operation name is none, over HTTP and over a socket', async () => {
  const data = { __typename: 'Query' };
  const named = JSON.stringify({ query: '{ __typename }', operationName: '' });
  expect(await (await post('/graphql', 'application/json', named)).json()).toEqual({ data });

  const search = new URLSearchParams({ operationName: '', query: '{ __typename }' });
  const headers = { 'apollo-require-preflight': 'true' };
  const got = await fetch(`${server.url}/graphql?${search}`, { headers });
  expect(await got.json()).toEqual({ data });

  const socket = new WebSocket(
    server.url.replace('http', 'ws') + '/graphql',
    'graphql-transport-ws',
  );
  const payload = { authorization: `Bearer ${sessionSecret}` };
  const answered = new Promise((resolve) => {
    socket.on('message', (message) => {
      const { type, payload } = JSON.parse(String(message));
      if (type === 'next' || type === 'error') resolve(payload);
    });
  });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
  socket.once('message', () =>
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: JSON.parse(named) })),
  );
  expect(await answered).toEqual({ data });
  socket.terminate();
});
