import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { signedUp } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { closing, frame, gone, handshake, rawSocket } from '../support/raw-socket.js';
import { until } from '../support/until.js';

const TEXT = 0x81;
const post = (body: string, ...headers: string[]) =>
  ['POST /graphql HTTP/1.1', 'Host: 127.0.0.1', ...headers, '', body].join('\r\n');

/** Frames of somebody without a credential, and the code that each closes its socket with. */
const FRAMES: readonly (readonly [what: string, sent: Buffer, code: number])[] = [
  ['a frame beyond the bound', frame(TEXT, Buffer.alloc(300 * 1024, 'x')), 1009],
  ['a frame that announces more than there is', Buffer.alloc(14, 0xff).fill(TEXT, 0, 1), 1009],
  ['bad UTF-8', frame(TEXT, Buffer.from([0xc3, 0x28])), 1007],
  ['a reserved bit', frame(0xc1, 'x'), 1002],
  ['a reserved opcode', frame(0x83, 'x'), 1002],
  ['a continuation of nothing', frame(0x80, 'x'), 1002],
  ['a frame without a mask', frame(TEXT, 'x', false), 1002],
  ['a long ping', frame(0x89, Buffer.alloc(200)), 1002],
  ['a close with a code that is none', frame(0x88, Buffer.from([0, 1])), 1002],
  ['no JSON', frame(TEXT, '{'), 4400],
  ['a message that is none', frame(TEXT, '[null]'), 4400],
  ['a message that only a server sends', frame(TEXT, '{"type":"connection_ack"}'), 4400],
  ['an answer to nothing', frame(TEXT, '{"type":"next","id":"1","payload":{}}'), 4400],
  ['a payload that is none', frame(TEXT, '{"type":"connection_init","payload":1}'), 4400],
  ['an empty credential', frame(TEXT, '{"type":"connection_init","payload":{}}'), 4403],
];

/** What is no HTTP, or none that is meant for us; each ends with the server hanging up. */
const GARBAGE: readonly (readonly [what: string, sent: string | Buffer])[] = [
  ['TLS', Buffer.from('16030100c6010000c20303', 'hex')],
  ['another protocol', 'SSH-2.0-client\r\n\r\n'],
  ['control characters', Buffer.from([0, 1, 2, 3, 10, 10, 13, 10])],
  ['oversize headers', `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`],
  ['an oversize address', `GET /${'x'.repeat(70_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`],
  ['a header that is none', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nna me: x\r\n\r\n'],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['two lengths', post('x', 'Content-Length: 1', 'Content-Length: 2')],
  ['a length and chunks', post('x', 'Content-Length: 1', 'Transfer-Encoding: chunked')],
  ['chunks that are none', post('zz\r\n', 'Transfer-Encoding: chunked')],
  ['a tunnel', 'CONNECT h:1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a WebSocket without a key', handshake().replace(/Sec-WebSocket-Key.*\r\n/, '')],
  ['a WebSocket of another version', handshake().replace('Version: 13', 'Version: 7')],
  ['a WebSocket of a foreign page', handshake().replace('\r\n', '\r\nOrigin: http://a.test\r\n')],
];

/** After each of these the client is gone as if its cable had been cut. */
const CUT: readonly (readonly [what: string, sent: string])[] = [
  ['nothing', ''],
  ['half a request', 'POST /graphql HT'],
  ['half a body', post('{"query":', 'Content-Type: application/json', 'Content-Length: 1000')],
  ['half a form', post('token=', 'Content-Length: 99').replace('graphql', 'oauth2/introspect')],
  ['half a handshake', handshake().slice(0, 90)],
  ['a handshake', handshake()],
  ['a request that is answered', 'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
];

async function opened(url: string, subprotocol?: string): Promise<Socket> {
  const socket = await rawSocket(url);
  socket.write(handshake(subprotocol));
  return socket;
}

test('whatever a client sends, the server prints nothing but its JSON log, and keeps no connection', async () => {
  await using home = await makeHome();
  const server = await home.start({ LATCHKEY_LOG_LEVEL: 'debug' });
  const { url } = server;
  await signedUp(server, 'alice');
  const metric = async (name: string) =>
    Number(
      new RegExp(`^${name} (\\d+)`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1],
    );
  const connectionsBefore = await metric('process_open_fds');

  for (const [what, sent, code] of FRAMES) {
    const socket = await opened(url);
    const closed = closing(socket);
    socket.write(sent);
    expect([what, await closed]).toEqual([what, code]);
  }
  expect(await closing(await opened(url, 'graphql-ws'))).toBe(4406);
  for (const [, sent] of GARBAGE) {
    const socket = await rawSocket(url);
    socket.write(sent);
    await closing(socket);
  }
  for (const [, sent] of CUT) {
    const socket = await rawSocket(url);
    socket.write(sent);
    socket.once('data', () => socket.resetAndDestroy());
    // What is answered is cut in the midst of the answer, everything else once it has arrived.
    const answered = sent.endsWith('\r\n\r\n');
    if (!answered) setImmediate(() => socket.resetAndDestroy());
    await gone(socket);
  }

  await until('every connection is gone', 10_000, async () => {
    return (await metric('process_open_fds')) <= connectionsBefore;
  });
  expect(await metric('latchkey_open_sockets')).toBe(0);
  const notes = server.notes.filter((line) => line !== '');
  expect(notes.map((line) => line.split('  ')[0])).toEqual([
    'Latchkey is at',
    `Its data lies in ${home.database.path}`,
    'Next',
    'Stop with',
  ]);
  for (const line of server.log)
    expect(JSON.parse(line)).toMatchObject({ time: expect.anything() });
  const failures = server.log.filter((line) => /"level":"(error|warn)"/.test(line));
  expect(failures).toEqual([]);
});
