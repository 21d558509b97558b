import { SECRET_PREFIX } from './token-format.js';

/** What looks like one of our secrets, wherever it stands. Its checksum is not asked: a mistyped one tells as much. */
const SECRETS = new RegExp(`(${Object.values(SECRET_PREFIX).join('|')})[0-9A-Za-z]{36,}`, 'g');

/** Whether `text` holds what looks like a secret of ours. */
export function holdsSecret(text: string): boolean {
  return redactSecrets(text) !== text;
}

/** `text` without the secrets in it: `/files/lkp_…/a` for a path that somebody put a token into. */
export function redactSecrets(text: string): string {
  // Nearly no text has any, and this is asked at every use.
  return text.includes('lk') ? text.replace(SECRETS, '$1…') : text;
}
