import { isIP } from 'node:net';
import { parseIp } from '../core/network.js';

/** A scheme that this server is reached by, and the port that need not be named with it. */
const DEFAULT_PORTS = { http: '80', https: '443' } as const;
export type Scheme = keyof typeof DEFAULT_PORTS;

/**
 * The address of a node as proxies write it: bare, with a port, or in brackets (RFC 7239, section 6; `X-Forwarded-For` has no
 * specification and is written in the same ways).
 * @returns undefined where it is none, such as `unknown` and obfuscated names
 */
export function parseNode(text: string): string | undefined {
  const [, bracketed] = /^\[([^\]]*)\](?::[\w.-]*)?$/.exec(text) ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 4 ? undefined : parseIp(bracketed);
  const colon = text.indexOf(':');
  const hasPort = colon >= 0 && colon === text.lastIndexOf(':');
  return parseIp(hasPort ? text.slice(0, colon) : text);
}

/** A `Host` header's value, taken apart. */
export interface Host {
  /** In lower case; an IPv6 address in brackets. */
  readonly name: string;
  /** As it was written; undefined where there is none. */
  readonly port: string | undefined;
}

/** RFC 9110, section 7.2: `Host = uri-host [ ":" port ]`. @returns undefined where `text` is none */
export function parseHost(text: string): Host | undefined {
  const [, name, port] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{0,5}))?$/i.exec(text) ?? [];
  if (name === undefined || !URL.canParse(`http://${name}`)) return undefined;
  return { name: new URL(`http://${name}`).hostname, port: port || undefined };
}

/** The origin of a page that was loaded by `scheme` from `host` (RFC 6454, section 6.2); undefined where `host` is none. */
export function originAt(scheme: Scheme, host: string | undefined): string | undefined {
  const parsed = host === undefined ? undefined : parseHost(host);
  if (parsed === undefined) return undefined;
  const { name, port } = parsed;
  return port === undefined || port === DEFAULT_PORTS[scheme]
    ? `${scheme}://${name}`
    : `${scheme}://${name}:${port}`;
}

/**
 * An origin in its one form: the letter case, a default port and a slash at the end do not count.
 * @returns undefined where `text` is none, or says more than an origin does
 */
export function parseOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\\]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}

/** The values of a parameter of `Forwarded` (RFC 7239, section 4), nearest proxy last, without their quotes. */
export function forwardedValues(header: string, parameter: 'for' | 'proto'): string[] {
  return splitOutsideQuotes(header, ',').map((element) => {
    for (const pair of splitOutsideQuotes(element, ';')) {
      const equals = pair.indexOf('=');
      if (pair.slice(0, equals).trim().toLowerCase() !== parameter) continue;
      const value = pair.slice(equals + 1).trim();
      return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
    }
    return '';
  });
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    if (quoted && text[index] === '\\') index++;
    else if (text[index] === '"') quoted = !quoted;
    else if (text[index] === separator && !quoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
