import { rawSocket } from './raw-socket.js';

const SOCKETS = 8;
/** Requests that are under way on a socket at most. */
const REQUESTS_A_WRITE = 25;
const STATUS = /HTTP\/1\.1 (\d{3}) /g;

/**
 * Sends `count` equal GET requests over a few connections, many at once on each (RFC 9112, section 9.3.2): a client that costs
 * far less than the server does.
 * @returns how many answers had each status
 */
export async function pipelined(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  count: number,
): Promise<Map<string, number>> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `GET ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${lines.join('')}\r\n`;
  const statuses = new Map<string, number>();
  let left = count;

  const sendShare = async () => {
    const socket = await rawSocket(url);
    socket.setEncoding('latin1');
    let text = '';
    let open = 0;
    await new Promise<void>((resolve, reject) => {
      socket.once('close', () => reject(new Error('The server closed the connection.')));
      const sendMore = () => {
        open = Math.min(left, REQUESTS_A_WRITE);
        left -= open;
        if (open === 0) resolve();
        else socket.write(request.repeat(open));
      };
      socket.on('data', (chunk: string) => {
        text += chunk;
        let end = 0;
        for (const { 0: line, 1: status = '', index } of text.matchAll(STATUS)) {
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          open--;
          end = index + line.length;
        }
        // A status line that came in part.
        text = text.slice(end).slice(-12);
        if (open === 0) sendMore();
      });
      sendMore();
    });
    socket.destroy();
  };
  await Promise.all(Array.from({ length: SOCKETS }, sendShare));
  return statuses;
}
