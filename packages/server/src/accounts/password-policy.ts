import { LIMITS } from '@latchkey/shared';
import { COMMON_PASSWORDS } from './common-passwords.js';

/** What is wrong with a new password, as a sentence; undefined where nothing is. NIST SP 800-63B: length, no composition rules. */
export function passwordProblem(password: string, username: string): string | undefined {
  const { passwordMinLength: min, passwordMaxLength: max } = LIMITS;
  const length = [...password].length;
  if (length < min) return `A password has ${min} characters or more.`;
  if (length > max) return `A password has at most ${max} characters.`;
  const folded = password.normalize('NFKC').toLowerCase();
  if (folded === username) return 'A password is not the username.';
  if (COMMON_PASSWORDS.has(folded)) {
    return 'This password is one of the first that an attacker tries. Choose another one.';
  }
  if (new Set(folded).size < 4)
    return 'This password repeats too few characters. Choose another one.';
  return undefined;
}
