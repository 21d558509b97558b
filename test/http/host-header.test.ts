import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp } from '../support/people.js';
import { handshake } from '../support/raw-socket.js';

const QUERY = JSON.stringify({ query: '{ serverInfo { setupRequired } }' });
const ask = (host: string) =>
  `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${QUERY.length}\r\n\r\n${QUERY}`;
const get = (path: string, host: string, more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;

async function answerTo(url: string, request: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(request);
  if (request.includes('Upgrade: websocket')) socket.once('data', () => socket.end());
  const answer = await text(socket);
  return { status: Number(answer.slice(9, 12)), body: answer };
}

test('on the loopback interface a page whose name leads there gets nothing, and is told which setting', async () => {
  await using server = await startServer();
  for (const host of [
    'evil.example.com',
    'evil.example.com:4000',
    'localhost.evil.example.com',
    '127.0.0.1.nip.io',
    '[::2]',
    'localhost@evil',
    '',
  ]) {
    const asked = await answerTo(server.url, ask(host));
    expect(asked.status, host).toBe(421);
    expect(asked.body).toContain('LATCHKEY_PUBLIC_URL');
    expect((await answerTo(server.url, get('/', host))).status, host).toBe(421);
    const upgrade = handshake().replace('Host: 127.0.0.1', `Host: ${host}`);
    expect((await answerTo(server.url, upgrade)).status, host).toBe(421);
  }
  for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:4000', '[::1]', '[::1]:4000']) {
    expect((await answerTo(server.url, ask(host))).status, host).toBe(200);
    const upgrade = handshake().replace('Host: 127.0.0.1', `Host: ${host}`);
    expect((await answerTo(server.url, upgrade)).status, host).toBe(101);
  }
});

test('the public URL’s host is taken beside the local names, and no other', async () => {
  await using server = await startServer({ LATCHKEY_PUBLIC_URL: 'https://latchkey.example.com' });
  for (const host of ['latchkey.example.com', 'LATCHKEY.example.com:443', 'localhost:4000']) {
    expect((await answerTo(server.url, ask(host))).status, host).toBe(200);
  }
  expect((await answerTo(server.url, ask('other.example.com'))).status).toBe(421);
});

test('programs ask their endpoints by any name', async () => {
  await using server = await startServer({ LATCHKEY_REGISTRY_SERVICE: 'registry' });
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  const authorization = `Authorization: Bearer ${secret}\r\n`;
  const statusOf = async (path: string) =>
    (await answerTo(server.url, get(path, 'latchkey:4000', authorization))).status;
  expect(await statusOf('/auth/verify?scope=read')).toBe(200);
  expect(await statusOf('/api/whoami-v2')).toBe(200);
  expect(await statusOf('/registry/token?service=registry')).toBe(200);
  expect(await statusOf('/registry/jwks.json')).toBe(200);
  expect(await statusOf('/readyz')).toBe(200);
  expect(await statusOf('/oauth2/introspect')).toBe(405);
});

test('listening elsewhere, the server takes any name', async () => {
  await using server = await startServer({ HOST: '0.0.0.0' });
  const url = server.url.replace('0.0.0.0', '127.0.0.1');
  expect((await answerTo(url, ask('latchkey.lan'))).status).toBe(200);
});
