import { type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { gone, rawSocket } from '../support/raw-socket.js';

const LIMIT_MS = 10_000;

/** How long the server keeps a connection on which `write` goes on saying a little. */
async function keptFor(url: string, write: (socket: Socket) => void): Promise<number> {
  const socket = await rawSocket(url);
  const begunAt = performance.now();
  socket.resume();
  write(socket);
  const more = setInterval(() => socket.write('x'), 500);
  await gone(socket);
  clearInterval(more);
  return performance.now() - begunAt;
}

test('a head and a body that come slowly, and a connection that says nothing, end after ten seconds', async () => {
  await using server = await startServer();
  const head = 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';
  const silent = async () => {
    const socket = await rawSocket(server.url);
    const begunAt = performance.now();
    socket.resume();
    await gone(socket);
    return performance.now() - begunAt;
  };
  const kept = await Promise.all([
    keptFor(server.url, (socket) => socket.write('GET /healthz HTTP/1.1\r\nHost: ')),
    keptFor(server.url, (socket) => socket.write(`${head}Content-Length: 250000\r\n\r\n{`)),
    keptFor(server.url, (socket) =>
      socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n3d090\r\n{`),
    ),
    silent(),
  ]);
  for (const time of kept) {
    expect(time).toBeGreaterThan(LIMIT_MS - 1000);
    expect(time).toBeLessThan(LIMIT_MS + 5000);
  }
});
