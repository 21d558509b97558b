import { ErrorCode } from '@latchkey/shared';
import type { Offered } from '../http/authorization.js';
import { Refused } from '../http/endpoint.js';
import type { Denial } from '../verification/decision.js';

const BEARER = 'Bearer realm="Latchkey"';

export const BASIC_CHALLENGE = 'Basic realm="Latchkey"';

/** Where nothing was offered there is no error to name (RFC 6750, section 3.1). */
export const NOTHING_OFFERED = new Refused(401, undefined, 'Send an access token.', {
  'WWW-Authenticate': `${BEARER}, ${BASIC_CHALLENGE}`,
});

/** What the verifier's denial is in HTTP (RFC 6750, section 3). @param scheme by which the credential came */
export function refusedBy(
  { code, message, missing }: Pick<Denial, 'code' | 'message' | 'missing'>,
  scheme: Offered['scheme'],
): Refused {
  if (code !== ErrorCode.FORBIDDEN) return invalidToken(message, scheme);
  const challenge = challengeOf('insufficient_scope', message);
  return new Refused(403, 'insufficient_scope', message, {
    'WWW-Authenticate': `${challenge}, scope="${missing.join(' ')}"`,
  });
}

/** A credential that is no good. */
export function invalidToken(description: string, scheme: Offered['scheme']): Refused {
  const basic = scheme === 'basic' ? `, ${BASIC_CHALLENGE}` : '';
  const challenge = challengeOf('invalid_token', description);
  return new Refused(401, 'invalid_token', description, {
    'WWW-Authenticate': `${challenge}${basic}`,
  });
}

/** Several credentials: which one counts would be a guess. */
export const AMBIGUOUS = invalidToken(
  'The request has several Authorization headers. Send one.',
  'bearer',
);

/** RFC 6750, section 3: a description holds printable ASCII without quotes and backslashes. */
function challengeOf(error: string, description: string): string {
  const quotable = description.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, '?');
  return `${BEARER}, error="${error}", error_description="${quotable}"`;
}
