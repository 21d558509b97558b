import { ErrorCode } from '@latchkey/shared';
import { type Handler, sendJson } from './exchange.js';

/**
 * Answers at an address that is there once `setting` is set: 404, and which setting is missing. `errors` is the
 * distribution specification's shape, whose message docker prints.
 */
export function needsSetting(setting: string, what: string): Handler {
  const message = `${what} Set ${setting} and restart the server.`;
  return ({ response }) => {
    sendJson(response, 404, {
      error: ErrorCode.NOT_FOUND,
      error_description: message,
      errors: [{ code: 'UNSUPPORTED', message, detail: null }],
    });
  };
}
