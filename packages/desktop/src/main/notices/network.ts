import { isIP } from 'node:net';

/**
 * The network that an address belongs to, as people change it: the first 24 bits of IPv4, the first 48 of IPv6.
 * Undefined for what is no address.
 */
export function familiarNetworkOf(address: string): string | undefined {
  const version4 = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(version4) === 4) return version4.split('.').slice(0, 3).join('.');
  if (isIP(address) !== 6) return undefined;
  // The URL parser writes an IPv6 address in its one canonical form.
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname.slice(1, -1);
  const [head = ''] = canonical.split('::');
  const groups = head === '' ? [] : head.split(':');
  return [...groups, '0', '0', '0'].slice(0, 3).join(':');
}
