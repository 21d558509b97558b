/** What an `Authorization` header offers. */
export interface Offered {
  readonly scheme: 'bearer' | 'basic' | 'token' | 'accesstoken';
  readonly secret: string;
  /** The account named beside the secret: HTTP Basic's user. */
  readonly username?: string;
}

/**
 * Reads an `Authorization` header: `Bearer` (RFC 6750, section 2.1), `Basic` (RFC 7617) with the account's name and a
 * token, `token` and `AccessToken` as other services' clients send them. Schemes are compared case-insensitively.
 *
 * @returns undefined where nothing is offered, which is not the same as a wrong secret: a header in another scheme, or one
 * that cannot be read, offers an empty secret.
 */
export function readAuthorization(header: string | undefined): Offered | undefined {
  if (header === undefined || header === '') return undefined;
  const space = header.indexOf(' ');
  const scheme = (space < 0 ? header : header.slice(0, space)).toLowerCase();
  const value = space < 0 ? '' : header.slice(space + 1).trim();
  switch (scheme) {
    case 'bearer':
    case 'token':
    case 'accesstoken':
      return { scheme, secret: value };
    case 'basic':
      return readBasic(value);
    default:
      return { scheme: 'bearer', secret: '' };
  }
}

function readBasic(encoded: string): Offered {
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) return { scheme: 'basic', secret: '' };
  return { scheme: 'basic', username: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}

/** Whether a request carries more than one `Authorization` header: which one counts would be a guess. */
export function hasSeveralAuthorizations(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 13 && name.toLowerCase() === 'authorization') count++;
  }
  return count > 1;
}
