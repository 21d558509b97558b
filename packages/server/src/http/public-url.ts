import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Config } from '../config.js';

/** The address that clients know this server by: the configured one, or where the request arrived. */
export function publicUrl(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  { socket }: IncomingMessage,
): string {
  if (publicUrl !== undefined) return publicUrl;
  const address = (socket.localAddress ?? '').replace(/^::ffff:/, '');
  return `http://${isIPv6(address) ? `[${address}]` : address}:${socket.localPort}`;
}
