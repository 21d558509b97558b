import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './handler.js';

/** Whether the request's method is among `methods`; refuses it where it is not. */
export function allowMethods(
  request: IncomingMessage,
  response: ServerResponse,
  ...methods: readonly string[]
): boolean {
  if (methods.includes(request.method ?? '')) return true;
  response.setHeader('Allow', methods.join(', '));
  sendJson(response, 405, {
    error: 'invalid_request',
    error_description: `This address takes ${methods.join(' and ')}.`,
  });
  return false;
}
