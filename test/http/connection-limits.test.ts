import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { signedUp } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { handshake } from '../support/raw-socket.js';
import { openSocket } from '../support/socket.js';

const ATTACKERS = 1200;
const BODY_BYTES = 250_000;

interface Client {
  readonly socket: Socket;
  /** The status of the first answer, or `closed` where there is none; undefined until then. */
  answer: string | undefined;
}

/** A connection from an address of this machine; 127.0.0.0/8 are all its own. */
async function client(
  url: string,
  localAddress = '127.0.0.1',
  text: string | Buffer = '',
): Promise<Client> {
  const opened = open(url, localAddress, text);
  await Promise.race([once(opened.socket, 'connect'), once(opened.socket, 'close')]);
  return opened;
}

/** The same before it stands. */
function open(url: string, localAddress: string, text: string | Buffer): Client {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress });
  onTestFinished(() => void socket.destroy());
  const opened: Client = { socket, answer: undefined };
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    opened.answer ??= /^HTTP\/1\.1 (\d{3})/.exec(String(chunk))?.[1];
  });
  socket.once('close', () => {
    opened.answer ??= 'closed';
  });
  if (text.length > 0) socket.write(text);
  return opened;
}

const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
const head = (forwardedFor = '') =>
  `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${BODY_BYTES}\r\n${forwardedFor}\r\n`;
const unfinished = Buffer.from(`${head()}${'{"query": "'.padEnd(BODY_BYTES - 1, 'x')}`);

const answersOf = (clients: readonly Client[]) => clients.map(({ answer }) => answer);

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

test('thousands of unfinished bodies from several addresses take a bounded part of the memory', async () => {
  await using home = await makeHome();
  const server = await home.start();
  await server.ask('{ __typename }');
  const before = await residentBytes(server.pid);
  const clients = Array.from({ length: ATTACKERS }, (_, index) =>
    open(server.url, `127.0.0.${2 + (index % 5)}`, unfinished),
  );
  // What there is no room for is refused at once; the rest waits for its last byte, ten seconds at most.
  const room = Math.floor((64 * 1024 * 1024) / BODY_BYTES);
  let most = 0;
  const settled = async () => {
    most = Math.max(most, (await residentBytes(server.pid)) - before);
    return answersOf(clients).filter((answer) => answer !== undefined).length;
  };
  await expect.poll(settled, { timeout: 40_000 }).toBeGreaterThanOrEqual(ATTACKERS - room);
  expect(answersOf(clients)).toContain('503');
  expect(most).toBeLessThan(200 * 1024 * 1024);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);

  for (const { socket } of clients) socket.destroy();
  // All that was taken for bodies is given back: another address has its whole share.
  const body = JSON.stringify({ query: `{ __typename } #${'x'.repeat(8000)}` });
  const asks = Array.from({ length: 20 }, () => server.ask(JSON.parse(body).query));
  expect(await Promise.all(asks)).toHaveLength(20);
  await expect
    .poll(async () => (await residentBytes(server.pid)) - before)
    .toBeLessThan(150 * 1024 * 1024);
});

test('one address has a share of the connections, used or idle, and gets its places back', async () => {
  await using server = await startServer({ LATCHKEY_CONNECTIONS_PER_ADDRESS: '3' });
  const idle = [
    await client(server.url, '127.0.0.2', HEALTH),
    await client(server.url, '127.0.0.2'),
  ];
  const socket = await client(server.url, '127.0.0.2', handshake());
  await expect.poll(() => [idle[0]?.answer, socket.answer]).toEqual(['200', '101']);
  const refused = await client(server.url, '127.0.0.2', HEALTH);
  await expect.poll(() => refused.answer).toBe('429');
  const other = await client(server.url, '127.0.0.3', HEALTH);
  await expect.poll(() => other.answer).toBe('200');

  socket.socket.destroy();
  await expect
    .poll(async () => {
      const next = await client(server.url, '127.0.0.2', HEALTH);
      await expect.poll(() => next.answer).toBeDefined();
      return next.answer;
    })
    .toBe('200');
});

test('all addresses together have a bound, and a place is free again with the next close', async () => {
  await using server = await startServer({ LATCHKEY_CONNECTIONS: '10' });
  const clients: Client[] = [];
  for (let index = 0; index < 10; index++) {
    clients.push(await client(server.url, `127.0.0.${index + 2}`, HEALTH));
  }
  await expect.poll(() => answersOf(clients)).toEqual(Array(10).fill('200'));
  const refused = await client(server.url, '127.0.0.20', HEALTH);
  await expect.poll(() => refused.answer).toBe('503');
  clients[0]?.socket.destroy();
  await expect.poll(async () => (await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('behind a trusted proxy each client has its own share, of requests and of WebSockets', async () => {
  await using server = await startServer({
    LATCHKEY_CONNECTIONS_PER_ADDRESS: '2',
    LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
  });
  const { sessionSecret } = await signedUp(server, 'alice');
  const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
  const slow = (address: string) =>
    client(server.url, '127.0.0.1', `${head(`X-Forwarded-For: ${address}\r\n`)}{`);
  await slow('203.0.113.1');
  await using socket = await openSocket(server.url, sessionSecret, from('203.0.113.1'));
  await socket.ask('{ __typename }');
  const third = await slow('203.0.113.1');
  await expect.poll(() => third.answer).toBe('429');
  await expect(openSocket(server.url, sessionSecret, from('203.0.113.1'))).rejects.toThrow();
  await using other = await openSocket(server.url, sessionSecret, from('203.0.113.2'));
  await other.ask('{ __typename }');

  // One IPv6 network is one client.
  await slow('2001:db8::1');
  await slow('2001:db8::2');
  const neighbour = await slow('2001:db8::3');
  await expect.poll(() => neighbour.answer).toBe('429');
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});
