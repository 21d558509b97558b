import type { IncomingMessage, ServerResponse } from 'node:http';
import { LatchkeyError } from '@latchkey/shared';
import { z } from 'zod';
import type { Config } from '../config.js';
import { networkOf } from '../core/network.js';
import type { Throttle } from '../core/throttle.js';
import { RemovalReason } from '../database/entities/removal-reason.js';
import { Endpoint } from '../database/entities/usage-event.js';
import { type JsonLimits, JsonTooLarge, parseJson } from '../http/bounded-json.js';
import { callerOf } from '../http/caller.js';
import { type Handler, sendJson } from '../http/handler.js';
import { allowMethods } from '../http/methods.js';
import { BodyTooLarge, readBody } from '../http/read-body.js';
import type { SecretRevocationService } from '../verification/secret-revocation.service.js';

export const LEAKED_SECRETS_PATH = '/credentials/revoke';
const SECRETS_LIMIT = 1000;
const BODY_MAX_BYTES = 128 * 1024;
/** With room for fields that a reporter adds. */
const REPORT_JSON: JsonLimits = { depth: 10, values: 2 * SECRETS_LIMIT };

const report = z.object({ credentials: z.array(z.string().max(1024)).max(SECRETS_LIMIT) });

/**
 * Whoever found secrets reports them here and they are over, no account needed. The answer is 202 whatever they were, so
 * that nobody learns which of them worked.
 */
export function leakedSecrets(
  revocations: SecretRevocationService,
  throttle: Throttle,
  { trustedProxies }: Pick<Config, 'trustedProxies'>,
): Handler {
  return async (request, response) => {
    if (!allowMethods(request, response, 'POST')) return;
    const caller = callerOf(request, trustedProxies);
    const refusal = await refusalOf(throttle, networkOf(caller.ipAddress));
    if (refusal !== undefined) return sendThrottled(response, refusal);
    const secrets = await readReport(request);
    if (secrets === undefined) return sendUnreadable(response);
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
  };
}

/** @returns undefined where the body is no report. */
async function readReport(request: IncomingMessage): Promise<string[] | undefined> {
  try {
    const body = parseJson(await readBody(request, BODY_MAX_BYTES), REPORT_JSON);
    return report.parse(body).credentials;
  } catch (error) {
    const unreadable =
      error instanceof SyntaxError ||
      error instanceof z.ZodError ||
      error instanceof BodyTooLarge ||
      error instanceof JsonTooLarge;
    if (unreadable) return undefined;
    throw error;
  }
}

async function refusalOf(throttle: Throttle, key: string): Promise<LatchkeyError | undefined> {
  try {
    await throttle.take(key);
    return undefined;
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
}

function sendThrottled(
  response: ServerResponse,
  { message, retryAfterSeconds = 1 }: LatchkeyError,
) {
  response.setHeader('Retry-After', retryAfterSeconds);
  sendJson(response, 429, {
    error: 'too_many_requests',
    error_description: `${message} Nothing was done; a report takes up to ${SECRETS_LIMIT} secrets.`,
  });
}

function sendUnreadable(response: ServerResponse): void {
  response.setHeader('Connection', 'close');
  sendJson(response, 400, {
    error: 'invalid_request',
    error_description: `A report is {"credentials": ["…"]} in JSON, with up to ${SECRETS_LIMIT} secrets. Nothing was done.`,
  });
}
