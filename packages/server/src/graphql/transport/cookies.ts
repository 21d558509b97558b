import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import { hasSeveralAuthorizations } from '../../http/authorization.js';
import { schemeOf } from '../../http/client-address.js';
import { isOwnOrigin, type OriginSettings } from '../../http/origin.js';

/** Over https the `__Host-` prefix binds a cookie to this host and to secure connections (RFC 6265bis, section 4.1.3). */
const SECURE_PREFIX = '__Host-';
const SESSION = 'latchkey-session';
const DEVICE_KEY = 'latchkey-device';

/** A secret that a browser keeps: out of reach of scripts, and sent by pages of this server alone. */
interface Cookie {
  /** As the request brought it; undefined where it came from another site's page. */
  readonly value: string | undefined;
  /** @param expiresAt when the browser forgets it, in UTC milliseconds */
  set(value: string, expiresAt: number): void;
  clear(): void;
}

export interface Cookies {
  /** The session's secret. */
  readonly session: Cookie;
  /** What the browser is known by at its next sign-in; it outlives the session. */
  readonly deviceKey: Cookie;
}

/** The cookies of one request and its answer. */
export function cookiesOf(
  request: IncomingMessage,
  response: ServerResponse,
  settings: OriginSettings,
): Cookies {
  const secure = schemeOf(request, settings.trustedProxies) === 'https';
  const cookie = (name: string): Cookie => {
    const send = (value: string, expires: Date) => {
      const fullName = secure ? SECURE_PREFIX + name : name;
      const options = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
      response.appendHeader(
        'Set-Cookie',
        stringifySetCookie({ name: fullName, value, expires, ...options }),
      );
    };
    return {
      get value() {
        return readCookie(request, name, settings);
      },
      set: (value, expiresAt) => send(value, new Date(expiresAt)),
      clear: () => send('', new Date(0)),
    };
  };
  return { session: cookie(SESSION), deviceKey: cookie(DEVICE_KEY) };
}

/** A bearer without a secret: something is offered, and it is no good. */
const NOTHING_GOOD = 'Bearer';

/**
 * What a request offers: its `Authorization` header, or else the session in its cookie. Of several headers none counts,
 * since which one would be a guess.
 */
export function offeredAuthorization(
  request: IncomingMessage,
  settings: OriginSettings,
): string | undefined {
  const { authorization } = request.headers;
  if (hasSeveralAuthorizations(request.rawHeaders)) return NOTHING_GOOD;
  if (authorization !== undefined) return authorization;
  const secret = readCookie(request, SESSION, settings);
  return secret ? `Bearer ${secret}` : undefined;
}

/** A cookie counts only where the request comes from a page of this server. */
function readCookie(
  request: IncomingMessage,
  name: string,
  settings: OriginSettings,
): string | undefined {
  const { cookie } = request.headers;
  if (cookie === undefined || !isOwnOrigin(request, settings)) return undefined;
  const fullName =
    schemeOf(request, settings.trustedProxies) === 'https' ? SECURE_PREFIX + name : name;
  return parseCookie(cookie)[fullName];
}
