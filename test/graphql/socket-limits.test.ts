import { once } from 'node:events';
import { expect, test } from 'vitest';
import { type RawData, WebSocket } from 'ws';
import { startServer, type TestServer } from '../support/latchkey.js';
import { signedUp } from '../support/people.js';
import { closing, frame, handshake, rawSocket as rawConnection } from '../support/raw-socket.js';
import { openSocket } from '../support/socket.js';

const PROTOCOL = 'graphql-transport-ws';

async function rawSocket(server: TestServer, protocol: string | string[] = PROTOCOL) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocol);
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'open');
  return { socket, closed };
}

/** A WebSocket whose frames the test writes itself. */
async function plainSocket(url: string) {
  const socket = await rawConnection(url);
  socket.write(handshake());
  await once(socket, 'readable');
  return socket;
}

test('an account has as many connections as the server allows, and a closed one makes room', async () => {
  await using server = await startServer({ LATCHKEY_CONNECTIONS_PER_ACCOUNT: '2' });
  const alice = await signedUp(server, 'alice');
  const bob = await signedUp(server, 'bob');
  const first = await openSocket(server.url, alice.sessionSecret);
  await using second = await openSocket(server.url, alice.sessionSecret);
  await expect(openSocket(server.url, alice.sessionSecret)).rejects.toThrow('too many connections');
  await using others = await openSocket(server.url, bob.sessionSecret);

  await first[Symbol.asyncDispose]();
  await first.closed;
  // The server hears of a close a moment after its client.
  await second.ask('{ __typename }');
  await others.ask('{ __typename }');
  await using third = await openSocket(server.url, alice.sessionSecret);
  await third.ask('{ __typename }');
});

test('a hundred connections opened at once get no further than the bound', async () => {
  await using server = await startServer({ LATCHKEY_CONNECTIONS_PER_ACCOUNT: '3' });
  const { sessionSecret } = await signedUp(server, 'alice');
  const opened = await Promise.allSettled(
    Array.from({ length: 30 }, () => openSocket(server.url, sessionSecret)),
  );
  const sockets = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(sockets).toHaveLength(3);
  for (const socket of sockets) await socket[Symbol.asyncDispose]();
});

test('a socket carries at most 50 operations at once, and the refused one leaves the others alone', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { socket, closed } = await rawSocket(server);
  const answers: { id: string; type: string; payload: unknown }[] = [];
  const refused = new Promise<void>((resolve) => {
    socket.on('message', (data: RawData) => {
      const message = JSON.parse(String(data));
      if (message.type === 'error') {
        answers.push(message);
        resolve();
      }
    });
  });
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${sessionSecret}` } });
  await once(socket, 'message');
  for (let count = 1; count <= 51; count++) {
    const query = 'subscription { usageEventRecorded { id } }';
    send({ id: String(count), type: 'subscribe', payload: { query } });
  }
  await refused;
  expect(answers).toMatchObject([
    { id: '51', payload: [{ extensions: { code: 'LIMIT_REACHED' } }] },
  ]);
  socket.close();
  await closed;
});

test.each([
  [
    'an operation before its credential',
    { id: '1', type: 'subscribe', payload: { query: '{ x }' } },
    4401,
  ],
  ['a message that is none', { type: 'nonsense' }, 4400],
  ['a message of too many values', { type: 'ping', payload: { v: Array(2000).fill(1) } }, 4400],
])('%s closes the socket', async (_what, message, code) => {
  await using server = await startServer();
  const { socket, closed } = await rawSocket(server);
  socket.send(JSON.stringify(message));
  expect(await closed).toBe(code);
});

test('a socket without the subprotocol is closed', async () => {
  await using server = await startServer();
  const { closed } = await rawSocket(server, []);
  expect(await closed).toBe(4406);
});

test('a message beyond the bound of a body closes the socket', async () => {
  await using server = await startServer();
  const { socket, closed } = await rawSocket(server);
  socket.on('error', () => undefined);
  socket.send('x'.repeat(300 * 1024));
  expect(await closed).toBe(1009);
});

test('a socket that is gone before its credential is checked counts for nobody', async () => {
  await using server = await startServer({ LATCHKEY_CONNECTIONS_PER_ACCOUNT: '3' });
  const { sessionSecret } = await signedUp(server, 'alice');
  const init = JSON.stringify({
    type: 'connection_init',
    payload: { authorization: `Bearer ${sessionSecret}` },
  });
  for (let count = 0; count < 10; count++) {
    const socket = await plainSocket(server.url);
    // In one piece with the message, so that the server meets both before the credential is read.
    socket.end(Buffer.concat([frame(0x81, init), frame(0x88, '')]));
    await closing(socket);
  }
  await using socket = await openSocket(server.url, sessionSecret);
  await socket.ask('{ __typename }');
});

test('a client that sends without reading is cut off, rather than grow the send buffer', async () => {
  await using server = await startServer();
  const socket = await plainSocket(server.url);
  socket.pause();
  const ping = frame(0x81, JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(200_000) } }));
  let sent = 0;
  const cut = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  while (sent < 400 && !socket.destroyed) {
    sent++;
    const drained = new Promise<void>((resolve) => socket.once('drain', resolve));
    if (!socket.write(ping)) await Promise.race([drained, cut]);
  }
  expect(sent).toBeLessThan(400);
  await cut;
});

test('a server stops although a client never answers its goodbye', async () => {
  const server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const socket = await plainSocket(server.url);
  const init = { type: 'connection_init', payload: { authorization: `Bearer ${sessionSecret}` } };
  socket.write(frame(0x81, JSON.stringify(init)));
  socket.resume();
  const hungUp = once(socket, 'close');
  await server[Symbol.asyncDispose]();
  await hungUp;
}, 20_000);

test('a message with an over-long identifier, sent twice, closes the socket with the protocol’s code', async () => {
  await using server = await startServer();
  const { sessionSecret } = await signedUp(server, 'alice');
  const { socket, closed } = await rawSocket(server);
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${sessionSecret}` } });
  await once(socket, 'message');
  const subscribe = {
    id: 'x'.repeat(1000),
    type: 'subscribe',
    payload: { query: 'subscription { usageEventRecorded { id } }' },
  };
  send(subscribe);
  send(subscribe);
  expect(await closed).toBe(4409);
});
