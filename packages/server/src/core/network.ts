import { isIPv6 } from 'node:net';

/** The groups of an IPv6 address that name its network: a subscriber holds a /64, so that counts as one address. */
const NETWORK_GROUPS = 4;
/** Those that name a site: an office, a house or a rented server is given a /48 of 65,536 networks (RFC 6177). */
const SITE_GROUPS = 3;
const ALL_GROUPS = 8;

/** What counts as one caller, however the address is written: an IPv4 address, or an IPv6 network. */
export function networkOf(address: string): string {
  return isIPv6(address) ? groupsOf(address).slice(0, NETWORK_GROUPS).join(':') : address;
}

/** The IPv6 site that `address` belongs to, whose networks one caller may hold all of; undefined for IPv4. */
export function siteOf(address: string): string | undefined {
  return isIPv6(address) ? groupsOf(address).slice(0, SITE_GROUPS).join(':') : undefined;
}

function groupsOf(address: string): string[] {
  const [bare] = address.split('%');
  // The URL parser writes it in one way only (RFC 5952), IPv4 parts in groups too.
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const front = head === '' ? [] : head.split(':');
  const left = ALL_GROUPS - front.length - (tail ? tail.split(':').length : 0);
  const groups = tail === undefined ? front : [...front, ...Array<string>(left).fill('0')];
  return groups.concat(tail ? tail.split(':') : []);
}
