import { z } from 'zod';
import { digestOf } from '../crypto/secret.js';

const NAME = /^[a-z0-9-]{1,39}$/;
const SECRET = /^[^\s,]{32,256}$/;

/**
 * `NAME:SECRET`, several with commas between; white space around each part does not count, nor does a comma at the end. Secrets
 * stay in the environment: only their digests go further, and no complaint repeats one.
 */
export const resourceServers = z.string().transform((text, context) => {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const names = new Set<string>();
  return entries.map((entry, index) => {
    const colon = entry.indexOf(':');
    const name = entry.slice(0, Math.max(colon, 0)).trim();
    const secret = entry.slice(colon + 1).trim();
    const fault = faultOf(name, secret, names);
    names.add(name);
    if (fault !== undefined) {
      context.addIssue({
        code: 'custom',
        message: `must be NAME:SECRET, several with commas between; entry ${index + 1} ${fault}`,
      });
    }
    return { name, secretDigest: digestOf(secret) };
  });
});

function faultOf(name: string, secret: string, others: ReadonlySet<string>): string | undefined {
  if (name === '') return 'has no name and colon before its secret';
  if (!NAME.test(name)) {
    return 'has a name of other characters than a-z, 0-9 and -, or of more than 39';
  }
  if (others.has(name)) return `has the name ${name} of one before it`;
  if (secret.length < 32) return 'has a secret of fewer than 32 characters';
  if (secret.length > 256) return 'has a secret of more than 256 characters';
  return SECRET.test(secret) ? undefined : 'has white space in its secret';
}
