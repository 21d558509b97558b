import { isIPv4, isIPv6 } from 'node:net';

/** An IPv4-mapped address, `::ffff:0:0/96` (RFC 4291, section 2.5.5.2), as the URL parser writes it. */
const IPV4_MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * An IP address in its one form: IPv4 in decimal, IPv6 as RFC 5952 writes it, an IPv4-mapped one as IPv4. The zone of a
 * link-local address is left out: it may be of any length and names an interface of this machine.
 * @returns undefined where `text` is no address
 */
export function parseIp(text: string): string | undefined {
  if (isIPv4(text)) return text;
  // As sockets that listen on both families name an IPv4 peer.
  const unmapped = text.slice(7);
  if (text.startsWith('::ffff:') && isIPv4(unmapped)) return unmapped;
  const bare = text.includes('%') ? text.slice(0, text.indexOf('%')) : text;
  if (!isIPv6(bare)) return undefined;
  const address = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = IPV4_MAPPED.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const [one, other] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [one >> 8, one & 255, other >> 8, other & 255].join('.');
}

/** The groups of an IPv6 address that name its network: a subscriber holds a /64, so that counts as one address. */
const NETWORK_GROUPS = 4;
/** Those that name a site: an office, a house or a rented server is given a /48 of 65,536 networks (RFC 6177). */
const SITE_GROUPS = 3;
const ALL_GROUPS = 8;

/** What counts as one caller, however the address is written: an IPv4 address, or an IPv6 network. */
export function networkOf(address: string): string {
  const ip = parseIp(address) ?? address;
  return isIPv6(ip) ? groupsOf(ip).slice(0, NETWORK_GROUPS).join(':') : ip;
}

/** The IPv6 site that `address` belongs to, whose networks one caller may hold all of; undefined for IPv4. */
export function siteOf(address: string): string | undefined {
  const ip = parseIp(address) ?? address;
  return isIPv6(ip) ? groupsOf(ip).slice(0, SITE_GROUPS).join(':') : undefined;
}

/** The eight groups of an IPv6 address in its one form (RFC 5952). */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const left = ALL_GROUPS - front.length - (tail ? tail.split(':').length : 0);
  const groups = tail === undefined ? front : [...front, ...Array<string>(left).fill('0')];
  return groups.concat(tail ? tail.split(':') : []);
}
