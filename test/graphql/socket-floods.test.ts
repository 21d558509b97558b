import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FUZZ, FUZZ_LIMIT_MS, FUZZ_RUNS, madeUpDocument } from '../support/fuzz.js';
import { HOSTILE_DOCUMENTS } from '../support/hostile-documents.js';
import { SIGN_UP, signedUp } from '../support/people.js';
import { BOUND_MS, startWatched, type WatchedServer } from '../support/watched-server.js';

/** Far less than waits at the server for the three sockets of a flood. */
const AHEAD_MAX = 100;

let watched: WatchedServer;
let secret: string;
let bobsSecret: string;

beforeAll(async () => {
  watched = await startWatched();
  secret = (await signedUp(watched.server, 'alice')).sessionSecret;
  bobsSecret = (await signedUp(watched.server, 'bob')).sessionSecret;
});
afterAll(() => watched[Symbol.asyncDispose]());

/** A socket whose credential is good. */
async function openSocket(by = secret): Promise<WebSocket> {
  const socket = new WebSocket(
    `${watched.server.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
  );
  socket.on('error', () => undefined);
  await once(socket, 'open');
  const payload = { authorization: `Bearer ${by}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await once(socket, 'message');
  return socket;
}

const message = fc
  .oneof(
    fc
      .tuple(madeUpDocument, fc.constantFrom('1', '2', '3'))
      .map(([query, id]) => ({ id, type: 'subscribe', payload: { query } })),
    fc.constantFrom(
      { id: '1', type: 'complete' },
      { type: 'ping' },
      { type: 'pong' },
      { type: 'connection_init' },
      { id: '1', type: 'next', payload: 1 },
      {
        id: '4',
        type: 'subscribe',
        payload: { query: 'subscription { usageEventRecorded { id } }' },
      },
      { id: '5', type: 'subscribe', payload: { query: SIGN_UP, variables: { input: 1 } } },
    ),
  )
  .map((content) => JSON.stringify(content));

test(
  'no messages that chance makes up hold the event loop',
  async () => {
    const messages = fc.array(fc.tuple(message, fc.integer({ min: 1, max: 50 })), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(messages, async (parts) => {
        const work = async () => {
          const socket = await openSocket();
          for (const [text, count] of parts)
            for (let index = 0; index < count; index++) socket.send(text);
          socket.ping();
          await Promise.race([once(socket, 'pong'), once(socket, 'close')]);
          socket.terminate();
        };
        expect(await watched.longestTurn(work)).toBeLessThan(BOUND_MS);
      }),
      { ...FUZZ, numRuns: Math.ceil(FUZZ_RUNS / 10) },
    );
  },
  FUZZ_LIMIT_MS,
);

/** Sends `flood` over each of three sockets of Alice's, and asks over Bob's when all is sent. @returns how much was answered before he was */
async function bobWaitsBehind(bob: WebSocket, flood: (socket: WebSocket) => void): Promise<number> {
  const sockets = await Promise.all([openSocket(), openSocket(), openSocket()]);
  let answered = 0;
  for (const socket of sockets) {
    flood(socket);
    socket.on('message', (data) => {
      // Floods that get no answers have one at their end.
      answered += String(data).includes('"the end"') ? AHEAD_MAX : 1;
    });
    socket.send(subscribe('the end'));
  }
  bob.send(subscribe('1'));
  await once(bob, 'message');
  const ahead = answered;
  for (const socket of sockets) socket.terminate();
  return ahead;
}

const subscribe = (id: string, query = '{ __typename }') =>
  JSON.stringify({ id, type: 'subscribe', payload: { query } });

test.each([
  [
    'subscriptions that end at once',
    (socket: WebSocket) => {
      for (let index = 0; index < 1500; index++) {
        socket.send(subscribe(String(index), 'subscription { usageEventRecorded { id } }'));
        socket.send(JSON.stringify({ id: String(index), type: 'complete' }));
      }
    },
  ],
  [
    'pings of the protocol',
    (socket: WebSocket) => {
      for (let index = 0; index < 3000; index++) socket.send('{"type":"ping"}');
    },
  ],
  [
    'documents that are hard to check',
    (socket: WebSocket) => {
      const query = HOSTILE_DOCUMENTS['one field again and again'];
      for (let index = 0; index < 100; index++) socket.send(subscribe(String(index), query));
    },
  ],
])('%s, by the thousand, keep no other account waiting', async (_, flood) => {
  const bob = await openSocket(bobsSecret);
  let ahead: number | undefined;
  const work = async () => {
    ahead = await bobWaitsBehind(bob, flood);
  };
  expect(await watched.longestTurn(work)).toBeLessThan(BOUND_MS);
  expect(ahead).toBeLessThan(AHEAD_MAX);
  bob.terminate();
});

test('pings and pieces of WebSocket’s own, by the ten thousand, hold nobody up', async () => {
  const work = async () => {
    const socket = await openSocket();
    for (let index = 0; index < 10_000; index++) socket.ping();
    for (let index = 0; index < 10_000; index++) socket.send('', { fin: false });
    await watched.server.ask('{ __typename }');
    socket.terminate();
  };
  expect(await watched.longestTurn(work)).toBeLessThan(BOUND_MS);
});
