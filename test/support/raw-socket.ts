import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection to the server at `url` on which nothing is said yet. */
export async function rawSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** The opening of a WebSocket, as it goes over the wire. */
export function handshake(subprotocol = 'graphql-transport-ws'): string {
  return [
    'GET /graphql HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: ${subprotocol}`,
    '\r\n',
  ].join('\r\n');
}

/** A client's frame (RFC 6455, section 5.2) whose mask is all zeros, so that the payload stands in it as it is. */
export function frame(firstByte: number, payload: Buffer | string, masked = true): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(body.length < 126 ? 2 : 10);
  head[0] = firstByte;
  head[1] = body.length < 126 ? body.length : 127;
  if (body.length >= 126) head.writeBigUInt64BE(BigInt(body.length), 2);
  if (masked) head[1] |= 0x80;
  return Buffer.concat(masked ? [head, Buffer.alloc(4), body] : [head, body]);
}

/** The end of a connection, reset or not: a server that hangs up on what it has not read resets it. */
export function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Whether the server hung up on what it was sent, and with which code it closed a WebSocket. */
export async function closing(socket: Socket): Promise<number | undefined> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    // A client that is told goodbye hangs up.
    if (closeCodeIn(Buffer.concat(chunks)) !== undefined) socket.end();
  });
  await gone(socket);
  return closeCodeIn(Buffer.concat(chunks));
}

function closeCodeIn(received: Buffer): number | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  for (let at = headEnd < 0 ? received.length : headEnd + 4; at + 4 <= received.length; ) {
    if (received[at] === 0x88) return received.readUInt16BE(at + 2);
    at += 2 + (received[at + 1] as number);
  }
  return undefined;
}
