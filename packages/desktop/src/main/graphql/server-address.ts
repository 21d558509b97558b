import type { Outcome } from '../../ipc/contract.js';
import { ConnectionProblem } from '../../ipc/state.js';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The origin that a person means by `text`: `tokens.example.com`, with or without `https://` and whatever was copied
 * behind it. Plain http is for this machine alone, because a password would cross the network in clear.
 */
export function parseServerAddress(text: string): Outcome<string> {
  const trimmed = text.trim();
  if (trimmed === '') return invalid('Enter the address of your Latchkey server.');
  const url = toUrl(trimmed);
  if (url === undefined) {
    return invalid(
      'This is not an address. It looks like tokens.example.com or https://tokens.example.com:8443.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    return invalid(
      'Leave the name and password out of the address; they have fields of their own.',
    );
  }
  if (url.protocol === 'http:' && !LOOPBACK_HOSTS.has(url.hostname)) {
    return invalid(
      'Use https:// for this server. Over http:// your password would cross the network in clear.',
    );
  }
  return { ok: true, value: url.origin };
}

function toUrl(text: string): URL | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') return undefined;
  const host = /^(\[[^\]]*\]|[^:/?#]*)/.exec(text)?.[0]?.toLowerCase() ?? '';
  const withScheme =
    scheme === undefined ? `${LOOPBACK_HOSTS.has(host) ? 'http' : 'https'}://${text}` : text;
  try {
    return new URL(withScheme);
  } catch {
    return undefined;
  }
}

function invalid(message: string): Outcome<string> {
  return { ok: false, problem: { code: ConnectionProblem.ADDRESS_INVALID, message } };
}
