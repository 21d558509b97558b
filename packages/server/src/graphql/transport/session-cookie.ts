import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Config } from '../../config.js';
import { hasSeveralAuthorizations } from '../../http/authorization.js';
import { isHttps } from '../../http/client-address.js';
import { isOwnOrigin } from '../../http/origin.js';

/** Over https the `__Host-` prefix binds the cookie to this host and to secure connections (RFC 6265bis, section 4.1.3). */
const SECURE_NAME = '__Host-latchkey-session';
const PLAIN_NAME = 'latchkey-session';

type Settings = Pick<Config, 'trustedProxies' | 'origins'>;

/** Where a browser's session is kept: out of reach of scripts, and sent by pages of this server alone. */
export interface SessionCookie {
  /** @param endsAt when the session ends at the latest, in UTC milliseconds */
  set(sessionSecret: string, endsAt: number): void;
  clear(): void;
}

/** The session cookie of one answer. */
export function sessionCookieOf(
  request: IncomingMessage,
  response: ServerResponse,
  { trustedProxies }: Settings,
): SessionCookie {
  const secure = isHttps(request, trustedProxies);
  const send = (value: string, expires: Date) => {
    response.appendHeader(
      'Set-Cookie',
      stringifySetCookie({
        name: secure ? SECURE_NAME : PLAIN_NAME,
        value,
        expires,
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure,
      }),
    );
  };
  return {
    set: (sessionSecret, endsAt) => send(sessionSecret, new Date(endsAt)),
    clear: () => send('', new Date(0)),
  };
}

/** A bearer without a secret: something is offered, and it is no good. */
const NOTHING_GOOD = 'Bearer';

/**
 * What a request offers: its `Authorization` header, or else the session in its cookie, which counts only where the
 * request comes from a page of this server. Of several headers none counts, since which one would be a guess.
 */
export function offeredAuthorization(
  request: IncomingMessage,
  { trustedProxies, origins }: Settings,
): string | undefined {
  const { authorization, cookie } = request.headers;
  if (hasSeveralAuthorizations(request.rawHeaders)) return NOTHING_GOOD;
  if (authorization !== undefined || cookie === undefined) return authorization;
  if (!isOwnOrigin(request, origins)) return undefined;
  const name = isHttps(request, trustedProxies) ? SECURE_NAME : PLAIN_NAME;
  const secret = parseCookie(cookie)[name];
  return secret ? `Bearer ${secret}` : undefined;
}
