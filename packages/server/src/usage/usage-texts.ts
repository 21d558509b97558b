import { redactSecrets } from '@latchkey/shared';
import type { UsageEvent } from '../database/entities/usage-event.js';

type Texts = Pick<UsageEvent, 'reason' | 'action' | 'resource' | 'ipAddress' | 'userAgent'>;

/** How many bytes of UTF-8 are kept at most of each text of a usage event. Callers choose most of these texts. */
const TEXT_BYTES: Readonly<Record<keyof Texts, number>> = {
  reason: 512,
  action: 32,
  resource: 256,
  ipAddress: 45,
  userAgent: 256,
};

/** What most texts are: of those a character is a byte, and all that is left to do is the cut. */
const PRINTABLE_ASCII = /^[ -~]*$/;
/** A control character takes six bytes in JSON, and one that turns the direction round deceives who reads the log. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * The texts as they are kept: well-formed Unicode without invisible characters, cut to `TEXT_BYTES` between two characters.
 * Callers sometimes send a secret in the wrong place, so what looks like one is removed before the cut.
 */
export function keptTexts(
  texts: { readonly [Name in keyof Texts]?: string | null | undefined },
): Texts {
  const kept = (name: keyof Texts) => keptText(texts[name], TEXT_BYTES[name]);
  return {
    reason: kept('reason'),
    action: kept('action'),
    resource: kept('resource'),
    ipAddress: kept('ipAddress'),
    userAgent: kept('userAgent'),
  };
}

function keptText(text: string | null | undefined, maxBytes: number): string | null {
  if (text === null || text === undefined) return null;
  // No character has fewer bytes than UTF-16 units.
  const start = redactSecrets(text).slice(0, maxBytes);
  if (PRINTABLE_ASCII.test(start)) return start;
  // Half of a surrogate pair becomes the replacement character.
  const bytes = Buffer.from(start.replace(INVISIBLE, '\ufffd'));
  let end = Math.min(bytes.length, maxBytes);
  while (end < bytes.length && isContinuation(bytes[end])) end--;
  return bytes.toString('utf8', 0, end);
}

/** Whether a byte of UTF-8 is inside a character (RFC 3629, section 3). */
function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}
