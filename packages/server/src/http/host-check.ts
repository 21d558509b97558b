import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { parseIp } from '../core/network.js';
import { parseHost } from './addresses.js';
import { type Handler, sendJson } from './exchange.js';

/** Whether a request's `Host` is a name of this server. */
export type HostCheck = (request: Pick<IncomingMessage, 'headers'>) => boolean;

export const WRONG_HOST =
  'This server takes requests for localhost alone. To use it by another name, set LATCHKEY_PUBLIC_URL to its address, such as https://latchkey.example.com, and restart it.';

/**
 * A server that listens on the loopback interface is reached by this machine's programs, and a page of any site becomes one of
 * them where the site's name is made to lead to 127.0.0.1 (DNS rebinding): only `Host` tells. Listening elsewhere, the server
 * cannot know its names, and takes any.
 * @param host the address that it listens on
 */
export function hostCheck(host: string, publicUrl: string | undefined): HostCheck {
  if (!isLoopback(host)) return () => true;
  const names = new Set([...LOCAL_NAMES, ...namesOf(host, publicUrl)]);
  return ({ headers }) => {
    // A browser always sends it, and node:http refuses a request of HTTP/1.1 without.
    if (headers.host === undefined) return true;
    const name = parseHost(headers.host)?.name;
    return name !== undefined && names.has(name);
  };
}

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

function namesOf(host: string, publicUrl: string | undefined): string[] {
  const address = parseHost(host.includes(':') ? `[${host}]` : host)?.name;
  const publicName = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  return [address, publicName].filter((name) => name !== undefined);
}

function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  const address = parseIp(host);
  return (
    address === '::1' || (address !== undefined && isIPv4(address) && address.startsWith('127.'))
  );
}

/** `handler` for requests whose `Host` is a name of this server; others are answered 421 (RFC 9110, section 15.5.20). */
export function withHostCheck(isOwn: HostCheck, handler: Handler): Handler {
  return (exchange) => {
    if (isOwn(exchange.request)) return handler(exchange);
    const body = { error: 'misdirected_request', error_description: WRONG_HOST };
    sendJson(exchange.response, 421, body, { Connection: 'close' });
  };
}
