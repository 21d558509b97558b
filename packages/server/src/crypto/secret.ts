import { hash, randomBytes } from 'node:crypto';
import { makeSecret, type SecretKind } from '@latchkey/shared';

/** A new secret of `kind` from the system's random source. */
export function newSecret(kind: SecretKind): string {
  return makeSecret(kind, randomBytes);
}

/** 120 random bits, which is 20 characters of base64url. */
const PASSWORD_BYTES = 15;

/** A password for somebody who has none, or has lost it. */
export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}

/**
 * What is stored of a secret: its SHA-256 in base64url, 43 characters. A secret has 178 random bits, so a fast digest is
 * enough, and a text is several times cheaper to compute and to look up than a buffer.
 */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
