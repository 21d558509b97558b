import { crc32 } from './crc32.js';

/**
 * A secret is a prefix that tells its kind, 30 random base62 characters, and the CRC-32 of those 30 in six base62
 * characters: the layout that GitHub's tokens use, so that a typo is refused without a look-up and scanners find leaks.
 */
export const SECRET_PREFIX = {
  PERSONAL: 'lkp_',
  SESSION_TOKEN: 'lka_',
  ORGANIZATION: 'lko_',
  SESSION: 'lks_',
  RESOURCE_SERVER: 'lkr_',
  DEVICE: 'lkd_',
} as const;
export type SecretKind = keyof typeof SECRET_PREFIX;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PREFIX_LENGTH = 4;
const RANDOM_LENGTH = 30;
const CHECKSUM_LENGTH = 6;

/** How long every secret is, in characters: 40. */
export const SECRET_LENGTH = PREFIX_LENGTH + RANDOM_LENGTH + CHECKSUM_LENGTH;

/** Bytes at or above this are thrown away when sampling, so that every character is equally likely (62 × 4 = 248). */
const UNBIASED_LIMIT = 248;

const KIND_BY_PREFIX = new Map(
  Object.entries(SECRET_PREFIX).map(([kind, prefix]) => [prefix as string, kind as SecretKind]),
);

/** The six base62 characters that follow `random` (30 characters): its CRC-32, left-padded with `0`. */
export function checksum(random: string): string {
  let rest = crc32(random);
  let text = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    text = ALPHABET.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/**
 * A new secret of `kind`.
 * @param randomBytes gives that many bytes from a cryptographically secure source.
 */
export function makeSecret(kind: SecretKind, randomBytes: (count: number) => Uint8Array): string {
  let random = '';
  while (random.length < RANDOM_LENGTH) {
    for (const byte of randomBytes(RANDOM_LENGTH)) {
      if (byte < UNBIASED_LIMIT && random.length < RANDOM_LENGTH) random += ALPHABET[byte % 62];
    }
  }
  return SECRET_PREFIX[kind] + random + checksum(random);
}

/** The kind of a well-formed secret; undefined where length, prefix, alphabet or checksum is off. */
export function secretKindOf(text: string): SecretKind | undefined {
  if (text.length !== SECRET_LENGTH) return undefined;
  const kind = KIND_BY_PREFIX.get(text.slice(0, PREFIX_LENGTH));
  if (kind === undefined) return undefined;
  const random = text.slice(PREFIX_LENGTH, PREFIX_LENGTH + RANDOM_LENGTH);
  // A character outside the alphabet can never satisfy the checksum by accident of encoding: it is compared as text.
  if (!/^[0-9A-Za-z]+$/.test(random)) return undefined;
  return text.endsWith(checksum(random)) ? kind : undefined;
}

/** What may be shown of a secret afterwards: its prefix and its last four characters, as in `lkp_…Ab3d`. */
export function hintOf(secret: string): string {
  return `${secret.slice(0, PREFIX_LENGTH)}…${secret.slice(-4)}`;
}
