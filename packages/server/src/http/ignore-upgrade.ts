import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Answers a request as if it had not offered to change the protocol, which a server may do (RFC 9110, section 7.8). Some
 * clients offer HTTP/2 with every request, and some proxies ask about a WebSocket with the headers of its handshake. Node
 * takes such a request off its parser once anybody listens for upgrades; so it is put back, without the offer.
 *
 * @param head what has been read after the request's headers.
 */
export function ignoreUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { method, url, httpVersion, rawHeaders } = request;
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (!OFFER.has(name.toLowerCase())) text += `${name}: ${rawHeaders[index + 1]}\r\n`;
  }
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

const OFFER = new Set(['connection', 'upgrade', 'http2-settings']);
