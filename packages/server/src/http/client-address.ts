import type { IncomingMessage } from 'node:http';
import { type BlockList, isIP, isIPv4 } from 'node:net';
import type { TLSSocket } from 'node:tls';

const IPV4_IN_IPV6 = '::ffff:';

/**
 * The address of the caller. `X-Forwarded-For` counts only as far as trusted proxies wrote it: it is read from its end,
 * and the first address that is not a trusted proxy's is the caller's. `X-Real-IP` counts where a trusted proxy sent no
 * list.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: BlockList): string {
  const peer = plain(request.socket.remoteAddress ?? '');
  const forwarded = request.headers['x-forwarded-for'];
  const real = request.headers['x-real-ip'];
  if (forwarded === undefined && real === undefined) return peer;
  if (!isTrusted(trustedProxies, peer)) return peer;
  if (forwarded === undefined) return isIP(String(real)) === 0 ? peer : plain(String(real));
  let caller = peer;
  for (const hop of String(forwarded).split(',').reverse()) {
    const address = plain(hop.trim());
    if (isIP(address) === 0) break;
    caller = address;
    if (!isTrusted(trustedProxies, address)) break;
  }
  return caller;
}

/** Whether the caller came by https: over a TLS socket, or as a trusted proxy says. */
export function isHttps(request: IncomingMessage, trustedProxies: BlockList): boolean {
  if ((request.socket as Partial<TLSSocket>).encrypted === true) return true;
  if (request.headers['x-forwarded-proto'] !== 'https') return false;
  return isTrusted(trustedProxies, plain(request.socket.remoteAddress ?? ''));
}

function isTrusted(trustedProxies: BlockList, address: string): boolean {
  return isIP(address) !== 0 && trustedProxies.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** Without the zone of a link-local address, which may be of any length and names an interface of this machine. */
function plain(address: string): string {
  const zone = address.indexOf('%');
  const bare = zone < 0 ? address : address.slice(0, zone);
  return bare.startsWith(IPV4_IN_IPV6) ? bare.slice(IPV4_IN_IPV6.length) : bare;
}
