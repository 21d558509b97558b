import { SECRET_LENGTH, SECRET_PREFIX } from '@latchkey/shared';

const CANDIDATE = new RegExp(
  `(?:${SECRET_PREFIX.SESSION}|${SECRET_PREFIX.SESSION_TOKEN}|${SECRET_PREFIX.DEVICE})[0-9A-Za-z]{${SECRET_LENGTH - SECRET_PREFIX.SESSION.length}}`,
  'g',
);

/**
 * `value` without the secret of any session, session token or device in it, wherever it stands. A personal token's secret
 * passes: it is shown once to the person who made it.
 */
export function withoutSessionSecrets<Value>(value: Value): Value {
  return strip(value) as Value;
}

function strip(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(CANDIDATE, '');
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, strip(item)]));
  }
  return value;
}
