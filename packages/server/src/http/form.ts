import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './handler.js';
import { BodyTooLarge, readBody } from './read-body.js';

const FORM_MAX_BYTES = 64 * 1024;

/**
 * The fields of an `application/x-www-form-urlencoded` body.
 * @param refuse answers what cannot be read; RFC 6749, section 5.2 says how, unless an endpoint's protocol has its own way.
 * @returns undefined where there are none that could be read; the refusal is sent then.
 */
export async function readForm(
  request: IncomingMessage,
  response: ServerResponse,
  refuse: (problem: string, status: 400 | 413) => void = (problem, status) =>
    sendInvalidRequest(response, status, problem),
): Promise<URLSearchParams | undefined> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    refuse('The body has to be application/x-www-form-urlencoded.', 400);
    return undefined;
  }
  try {
    return new URLSearchParams(await readBody(request, FORM_MAX_BYTES));
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    response.setHeader('Connection', 'close');
    refuse(`A form has at most ${FORM_MAX_BYTES / 1024} KiB.`, 413);
    return undefined;
  }
}

/** RFC 6749, section 5.2, for what cannot be understood. */
export function sendInvalidRequest(
  response: ServerResponse,
  status: 400 | 413,
  description: string,
): void {
  sendJson(response, status, { error: 'invalid_request', error_description: description });
}
