import { hasSeveralAuthorizations, readAuthorization } from '../http/authorization.js';
import type { Refused } from '../http/endpoint.js';
import type { Exchange } from '../http/exchange.js';
import type { AccessVerifier } from '../verification/access-verifier.js';
import type { AccessRequest, Allowance } from '../verification/decision.js';
import { AMBIGUOUS, NOTHING_OFFERED, refusedBy } from './challenges.js';

/**
 * Has the token of the `Authorization` header verified.
 * @param secretOf what of the offered text is the secret.
 * @returns the verifier's decision where it allows, else the refusal of RFC 6750, section 3.
 */
export async function authenticateToken(
  verifier: AccessVerifier,
  { request }: Exchange,
  wanted: AccessRequest,
  secretOf: (offered: string) => string = (offered) => offered,
): Promise<Allowance | Refused> {
  if (hasSeveralAuthorizations(request.rawHeaders)) return AMBIGUOUS;
  const offered = readAuthorization(request.headers.authorization);
  if (offered === undefined) return NOTHING_OFFERED;
  const { secret, username, scheme } = offered;
  const decision = await verifier.verify(secretOf(secret), { ...wanted, username });
  return decision.allowed ? decision : refusedBy(decision, scheme);
}
