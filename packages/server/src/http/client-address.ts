import type { IncomingMessage } from 'node:http';
import { type BlockList, isIPv4 } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { parseIp } from '../core/network.js';
import { forwardedValues, parseNode, type Scheme } from './addresses.js';

/**
 * The address of the caller, in the one form of `parseIp`. `X-Forwarded-For`, or else `Forwarded`, counts only as far as
 * trusted proxies wrote it: it is read from its end, and the first address that is not a trusted proxy's is the caller's.
 * `X-Real-IP` counts where a trusted proxy sent no list.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: BlockList): string {
  const peer = peerAddress(request);
  const { headers } = request;
  const list = headers['x-forwarded-for'] ?? headers['forwarded'];
  const real = headers['x-real-ip'];
  if ((list === undefined && real === undefined) || !isTrusted(trustedProxies, peer)) return peer;
  if (list === undefined) return parseNode(String(real).trim()) ?? peer;
  const hops =
    headers['x-forwarded-for'] === undefined
      ? forwardedValues(String(list), 'for')
      : String(list).split(',');
  let caller = peer;
  for (const hop of hops.reverse()) {
    const address = parseNode(hop.trim());
    if (address === undefined) break;
    caller = address;
    if (!isTrusted(trustedProxies, address)) break;
  }
  return caller;
}

/** Where the connection comes from: the caller, or the proxy nearest to this server. */
function peerAddress({ socket }: Pick<IncomingMessage, 'socket'>): string {
  return parseIp(socket.remoteAddress ?? '') ?? '';
}

/**
 * By which scheme the caller came: https over a TLS socket, or as a trusted proxy says. Of several values the first counts,
 * which is the proxy's that the caller spoke to.
 */
export function schemeOf(request: IncomingMessage, trustedProxies: BlockList): Scheme {
  if ((request.socket as Partial<TLSSocket>).encrypted === true) return 'https';
  const { headers } = request;
  const list = headers['x-forwarded-proto'];
  const said =
    list === undefined
      ? forwardedValues(headers['forwarded'] ?? '', 'proto')[0]
      : String(list).split(',')[0];
  const isHttps = said?.trim().toLowerCase() === 'https';
  return isHttps && isTrusted(trustedProxies, peerAddress(request)) ? 'https' : 'http';
}

/** @param address as `parseIp` writes it */
export function isTrusted(trustedProxies: BlockList, address: string): boolean {
  return address !== '' && trustedProxies.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
