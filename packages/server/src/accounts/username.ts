import { LIMITS } from '@latchkey/shared';

const ALLOWED = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Usernames are compared case-folded, and stored that way. */
export function foldUsername(text: string): string {
  return text.toLowerCase();
}

/** What is wrong with a folded username, as a sentence; undefined where nothing is. */
export function usernameProblem(username: string): string | undefined {
  const { usernameMinLength: min, usernameMaxLength: max } = LIMITS;
  if (username.length < min || username.length > max) {
    return `A username has ${min} to ${max} characters.`;
  }
  if (!ALLOWED.test(username)) {
    return 'A username holds a–z, 0–9 and single hyphens, and neither begins nor ends with a hyphen.';
  }
  return undefined;
}
