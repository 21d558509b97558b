import { isIPv6 } from 'node:net';

/** The groups of an IPv6 address that name its network: a subscriber holds a /64, so that counts as one address. */
const NETWORK_GROUPS = 4;
const ALL_GROUPS = 8;

/** What counts as one caller, however the address is written: an IPv4 address, or an IPv6 network. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [bare] = address.split('%');
  // The URL parser writes it in one way only (RFC 5952), IPv4 parts in groups too.
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const front = head === '' ? [] : head.split(':');
  const left = ALL_GROUPS - front.length - (tail ? tail.split(':').length : 0);
  const groups = tail === undefined ? front : [...front, ...Array<string>(left).fill('0')];
  return groups
    .concat(tail ? tail.split(':') : [])
    .slice(0, NETWORK_GROUPS)
    .join(':');
}
