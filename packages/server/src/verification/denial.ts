import type { ServerResponse } from 'node:http';
import { ErrorCode } from '@latchkey/shared';
import { sendJson } from '../http/handler.js';
import type { Offered } from './credentials.js';
import type { Refusal } from './verdict.js';

const BEARER = 'Bearer realm="Latchkey"';

export const BASIC_CHALLENGE = 'Basic realm="Latchkey"';
/** Where nothing was offered there is no error to name (RFC 6750, section 3.1). */
export const BARE_CHALLENGE = `${BEARER}, ${BASIC_CHALLENGE}`;

/** How an offered credential is refused (RFC 6750, section 3). */
interface Denial {
  readonly status: 401 | 403;
  readonly error: 'invalid_token' | 'insufficient_scope';
  readonly description: string;
  /** What `WWW-Authenticate` holds. */
  readonly challenge: string;
}

/** What the judge's refusal is in HTTP. @param scheme by which the credential came */
export function denialOf(
  { code, message, missing }: Pick<Refusal, 'code' | 'message' | 'missing'>,
  scheme: Offered['scheme'],
): Denial {
  if (code !== ErrorCode.FORBIDDEN) return invalidToken(message, scheme);
  const scope = `scope="${missing.join(' ')}"`;
  return {
    status: 403,
    error: 'insufficient_scope',
    description: message,
    challenge: `${challengeOf('insufficient_scope', message)}, ${scope}`,
  };
}

/** A credential that is no good. */
export function invalidToken(description: string, scheme: Offered['scheme']): Denial {
  const basic = scheme === 'basic' ? `, ${BASIC_CHALLENGE}` : '';
  const challenge = `${challengeOf('invalid_token', description)}${basic}`;
  return { status: 401, error: 'invalid_token', description, challenge };
}

/** Several credentials: which one counts would be a guess. */
export const AMBIGUOUS = invalidToken(
  'The request has several Authorization headers. Send one.',
  'bearer',
);

/** Sends the denial in the words of OAuth. */
export function sendDenial(response: ServerResponse, denial: Denial): void {
  const { status, error, description, challenge } = denial;
  response.setHeader('WWW-Authenticate', challenge);
  sendJson(response, status, { error, error_description: description });
}

/** RFC 6750, section 3: a description holds printable ASCII without quotes and backslashes. */
function challengeOf(error: Denial['error'], description: string): string {
  const quotable = description.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, '?');
  return `${BEARER}, error="${error}", error_description="${quotable}"`;
}
