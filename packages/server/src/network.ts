import { isIPv6 } from 'node:net';

/** An IPv6 subscriber holds a /64, so that is what counts as one address. */
export function networkOf(address: string): string {
  return isIPv6(address) ? address.split(':').slice(0, 4).join(':') : address;
}
