import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { createToken, signedUp } from '../support/people.js';
import { handshake, rawSocket } from '../support/raw-socket.js';

const QUERY = JSON.stringify({ query: '{ serverInfo { setupRequired } }' });
const ASYNC = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${QUERY.length}\r\n\r\n${QUERY}`;
const H2C =
  'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';

async function statusesOf(url: string, text: string, count: number): Promise<string[]> {
  const socket = await rawSocket(url);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.write(text);
  const statuses = () =>
    [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status ?? '');
  await expect.poll(() => statuses().length).toBe(count);
  socket.destroy();
  return statuses();
}

test('an upgrade that is pipelined after requests is answered after them, taken or ignored', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { secret } = await createToken(server, sessionSecret);
  const verify = `GET /auth/verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret}\r\n\r\n`;
  expect(await statusesOf(server.url, verify + H2C, 2)).toEqual(['200', '200']);
  expect(await statusesOf(server.url, ASYNC + verify + ASYNC + H2C + ASYNC + H2C, 6)).toEqual(
    Array(6).fill('200'),
  );
  expect(await statusesOf(server.url, ASYNC + handshake(), 2)).toEqual(['200', '101']);
  expect(await statusesOf(server.url, verify + verify + H2C + handshake(), 4)).toEqual([
    '200',
    '200',
    '200',
    '101',
  ]);
});

test('a connection that breaks while its upgrade waits takes nothing else with it', async () => {
  await using server = await startServer();
  for (let count = 0; count < 50; count++) {
    const socket = await rawSocket(server.url);
    socket.write(ASYNC + H2C);
    socket.resetAndDestroy();
  }
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});
