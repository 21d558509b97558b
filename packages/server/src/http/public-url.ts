import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { parseIp } from '../core/network.js';

/** The address that clients know this server by: the configured one, or where the request arrived. */
export function publicUrl(
  { publicUrl }: { readonly publicUrl: string | undefined },
  { socket }: IncomingMessage,
): string {
  if (publicUrl !== undefined) return publicUrl;
  const address = parseIp(socket.localAddress ?? '') ?? '';
  return `http://${isIPv6(address) ? `[${address}]` : address}:${socket.localPort}`;
}
