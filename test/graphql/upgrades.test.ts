import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { rawHttp } from '../support/raw-http.js';

const HTTP2 = [
  ['Connection', 'Upgrade, HTTP2-Settings'],
  ['Upgrade', 'h2c'],
  ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
] as const;
const WEBSOCKET = [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
] as const;

test('a request that offers HTTP/2 is answered by HTTP/1.1, its body too', async () => {
  await using server = await startServer();
  const body = JSON.stringify({ query: '{ serverInfo { setupRequired } }' });
  const answer = await rawHttp(server.url, '/graphql', {
    method: 'POST',
    headers: [['Content-Type', 'application/json'], ...HTTP2],
    body,
  });
  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    200,
    { data: { serverInfo: { setupRequired: true } } },
  ]);
});

test('a proxy that asks with the headers of a WebSocket’s handshake gets its decision', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  const ask = (token: string) =>
    rawHttp(server.url, '/auth/verify', {
      headers: [['Authorization', `Bearer ${token}`], ...WEBSOCKET],
    });
  expect((await ask(secret)).status).toBe(200);
  expect((await ask('nothing')).status).toBe(401);
  expect((await rawHttp(server.url, '/nothing', { headers: WEBSOCKET })).status).toBe(404);
});

test('a connection whose every request offers HTTP/2 costs no more by the hundredth', async () => {
  await using home = await makeHome();
  const server = await home.start();
  const { hostname, port } = new URL(server.url);
  const connection = connect(Number(port), hostname);
  const offer = HTTP2.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const ask = () => connection.write(`GET /healthz HTTP/1.1\r\nHost: ${hostname}\r\n${offer}\r\n`);
  ask();
  let answers = 0;
  for await (const line of createInterface(connection)) {
    if (!line.includes('HTTP/1.1 200')) continue;
    if (++answers === 100) break;
    ask();
  }
  connection.destroy();
  await server.stop();
  // What is left on a connection by each request, Node warns of from the eleventh on.
  expect(server.log.filter((line) => line.includes('Node warns'))).toEqual([]);
});
