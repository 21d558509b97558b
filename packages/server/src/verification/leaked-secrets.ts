import type { IncomingMessage, ServerResponse } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { z } from 'zod';
import { MINUTE_MS, SECOND_MS } from '../clock.js';
import type { Config } from '../config.js';
import { clientAddress } from '../http/client-address.js';
import { type Handler, sendJson } from '../http/handler.js';
import { allowMethods } from '../http/methods.js';
import { BodyTooLarge, readBody } from '../http/read-body.js';
import { networkOf } from '../network.js';
import type { SecretRevocationService } from '../revocation/secret-revocation.service.js';
import { RemovalReason } from '../tokens/removal-reason.js';

const SECRETS_LIMIT = 1000;
const BODY_MAX_BYTES = 128 * 1024;
const REPORTS_PER_MINUTE = 30;

const report = z.object({ credentials: z.array(z.string().max(1024)).max(SECRETS_LIMIT) });

/**
 * Whoever found secrets reports them here and they are over, no account needed. The answer is 202 whatever they were, so
 * that nobody learns which of them worked.
 */
export function leakedSecrets(
  revocations: SecretRevocationService,
  { trustedProxies }: Pick<Config, 'trustedProxies'>,
): Handler {
  const throttle = new RateLimiterMemory({
    points: REPORTS_PER_MINUTE,
    duration: MINUTE_MS / SECOND_MS,
  });
  return async (request, response) => {
    if (!allowMethods(request, response, 'POST')) return;
    const address = clientAddress(request, trustedProxies);
    const waitSeconds = await waitOf(throttle, networkOf(address));
    if (waitSeconds > 0) return sendThrottled(response, waitSeconds);
    const secrets = await readReport(request);
    if (secrets === undefined) return sendUnreadable(response);
    const note = `The secret was found and reported as leaked, from ${address}.`;
    await revocations.revoke(secrets, { reason: RemovalReason.REPORTED_LEAKED, note });
    sendJson(response, 202, {});
  };
}

/** @returns undefined where the body is no report. */
async function readReport(request: IncomingMessage): Promise<string[] | undefined> {
  try {
    return report.parse(JSON.parse(await readBody(request, BODY_MAX_BYTES))).credentials;
  } catch (error) {
    const unreadable =
      error instanceof SyntaxError || error instanceof z.ZodError || error instanceof BodyTooLarge;
    if (unreadable) return undefined;
    throw error;
  }
}

async function waitOf(throttle: RateLimiterMemory, key: string): Promise<number> {
  try {
    await throttle.consume(key);
    return 0;
  } catch (error) {
    if (error instanceof RateLimiterRes) return Math.ceil(error.msBeforeNext / SECOND_MS);
    throw error;
  }
}

function sendThrottled(response: ServerResponse, waitSeconds: number): void {
  response.setHeader('Retry-After', waitSeconds);
  sendJson(response, 429, {
    error: 'too_many_requests',
    error_description: `Too many reports from this address. Nothing was done; try again in ${waitSeconds} seconds, with up to ${SECRETS_LIMIT} secrets in one report.`,
  });
}

function sendUnreadable(response: ServerResponse): void {
  response.setHeader('Connection', 'close');
  sendJson(response, 400, {
    error: 'invalid_request',
    error_description: `A report is {"credentials": ["…"]} in JSON, with up to ${SECRETS_LIMIT} secrets. Nothing was done.`,
  });
}
