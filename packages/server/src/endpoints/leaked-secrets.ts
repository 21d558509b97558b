import type { IncomingMessage } from 'node:http';
import { LatchkeyError } from '@latchkey/shared';
import { z } from 'zod';
import type { Throttle } from '../cluster/throttle.js';
import { networkOf } from '../core/network.js';
import { RemovalReason } from '../database/entities/removal-reason.js';
import { Endpoint } from '../database/entities/usage-event.js';
import { BodyTooLarge, readBody } from '../http/body.js';
import { type JsonLimits, JsonTooLarge, parseJson } from '../http/bounded-json.js';
import { endpoint, nothing, Refused } from '../http/endpoint.js';
import { type Handler, sendJson } from '../http/exchange.js';
import type { SecretRevocationService } from '../verification/secret-revocation.service.js';

export const LEAKED_SECRETS_PATH = '/credentials/revoke';
const SECRETS_LIMIT = 1000;
const BODY_MAX_BYTES = 128 * 1024;
/** With room for fields that a reporter adds. */
const REPORT_JSON: JsonLimits = { depth: 10, values: 2 * SECRETS_LIMIT };

const report = z.object({ credentials: z.array(z.string().max(1024)).max(SECRETS_LIMIT) });
const UNREADABLE = new Refused(
  400,
  'invalid_request',
  `A report is {"credentials": ["…"]} in JSON, with up to ${SECRETS_LIMIT} secrets. Nothing was done.`,
  { Connection: 'close' },
);

/**
 * Secrets that were found are reported here and end; it takes no account. The answer is 202 whatever they were, so that
 * nobody learns which of them worked.
 */
export function leakedSecrets(revocations: SecretRevocationService, throttle: Throttle): Handler {
  return endpoint({
    methods: ['POST'],
    // Before the body is read: a report that comes too often costs nothing.
    read: async ({ request, caller }) =>
      (await refusalOf(throttle, networkOf(caller.ipAddress))) ?? readReport(request),
    authenticate: nothing,
    async render({ response, caller }, _nobody, secrets) {
      await revocations.revoke(secrets, {
        reason: RemovalReason.REPORTED_LEAKED,
        note: `The secret was found and reported as leaked, from ${caller.ipAddress}.`,
        asked: {
          endpoint: Endpoint.REST,
          action: 'report',
          resource: LEAKED_SECRETS_PATH,
          ...caller,
        },
      });
      sendJson(response, 202, {});
    },
  });
}

async function readReport(request: IncomingMessage): Promise<string[] | Refused> {
  try {
    const body = parseJson(await readBody(request, BODY_MAX_BYTES), REPORT_JSON);
    return report.parse(body).credentials;
  } catch (error) {
    const unreadable =
      error instanceof SyntaxError ||
      error instanceof z.ZodError ||
      error instanceof BodyTooLarge ||
      error instanceof JsonTooLarge;
    if (unreadable) return UNREADABLE;
    throw error;
  }
}

async function refusalOf(throttle: Throttle, key: string): Promise<Refused | undefined> {
  try {
    await throttle.take(key);
    return undefined;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    const { message, retryAfterSeconds = 1 } = error;
    const description = `${message} Nothing was done; a report takes up to ${SECRETS_LIMIT} secrets.`;
    return new Refused(429, 'too_many_requests', description, { 'Retry-After': retryAfterSeconds });
  }
}
