import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './handler.js';
import { BodyTooLarge, readBody } from './read-body.js';

const FORM_MAX_BYTES = 64 * 1024;

/**
 * The fields of an `application/x-www-form-urlencoded` body.
 * @returns undefined where there are none that could be read; the refusal is sent then (RFC 6749, section 5.2).
 */
export async function readForm(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<URLSearchParams | undefined> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    sendInvalidRequest(response, 400, 'The body has to be application/x-www-form-urlencoded.');
    return undefined;
  }
  try {
    return new URLSearchParams(await readBody(request, FORM_MAX_BYTES));
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    response.setHeader('Connection', 'close');
    sendInvalidRequest(response, 413, `A form has at most ${FORM_MAX_BYTES / 1024} KiB.`);
    return undefined;
  }
}

/** RFC 6749, section 5.2, for what cannot be understood. */
export function sendInvalidRequest(
  response: ServerResponse,
  status: 400 | 413,
  description: string,
  error = 'invalid_request',
): void {
  sendJson(response, status, { error, error_description: description });
}
