import type { ServerResponse } from 'node:http';
import { ErrorCode } from '@latchkey/shared';
import type { Offered } from '../http/authorization.js';
import { sendJson } from '../http/handler.js';
import type { Denial } from '../verification/decision.js';

const BEARER = 'Bearer realm="Latchkey"';

export const BASIC_CHALLENGE = 'Basic realm="Latchkey"';
/** Where nothing was offered there is no error to name (RFC 6750, section 3.1). */
export const BARE_CHALLENGE = `${BEARER}, ${BASIC_CHALLENGE}`;

/** How an offered credential is refused (RFC 6750, section 3). */
interface HttpDenial {
  readonly status: 401 | 403;
  readonly error: 'invalid_token' | 'insufficient_scope';
  readonly description: string;
  /** What `WWW-Authenticate` holds. */
  readonly challenge: string;
}

/** What the verifier's refusal is in HTTP. @param scheme by which the credential came */
export function httpDenialOf(
  { code, message, missing }: Pick<Denial, 'code' | 'message' | 'missing'>,
  scheme: Offered['scheme'],
): HttpDenial {
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
export function invalidToken(description: string, scheme: Offered['scheme']): HttpDenial {
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
export function sendDenial(response: ServerResponse, denial: HttpDenial): void {
  const { status, error, description, challenge } = denial;
  response.setHeader('WWW-Authenticate', challenge);
  sendJson(response, status, { error, error_description: description });
}

/** RFC 6750, section 3: a description holds printable ASCII without quotes and backslashes. */
function challengeOf(error: HttpDenial['error'], description: string): string {
  const quotable = description.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, '?');
  return `${BEARER}, error="${error}", error_description="${quotable}"`;
}
