import type { Duplex } from 'node:stream';

/** Answers on a bare connection, and closes it: an end that takes the answer and keeps the connection would hold it for ever. */
export function hangUp(socket: Duplex, status: string, message: string): void {
  const body = `${JSON.stringify({ error_description: message })}\n`;
  socket.on('error', () => undefined);
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
