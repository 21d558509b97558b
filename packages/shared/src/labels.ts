import { holdsSecret } from './secret-text.js';

/**
 * Controls, what is drawn as nothing, and the marks that reorder the text around them (Unicode TR 36, bidirectional
 * spoofing). A variation selector is drawn as nothing too, and makes `❤️` of `❤`.
 */
const UNSAFE =
  /(?![\ufe00-\ufe0f])[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/u;

/**
 * What is wrong with a name that people read, such as a token's description, as a sentence; undefined where nothing is.
 * @param label is trimmed already.
 * @param what begins the sentence, as in `A description`.
 */
export function labelProblem(label: string, what: string, maxLength: number): string | undefined {
  const length = [...label].length;
  if (length === 0 || length > maxLength) return `${what} has 1 to ${maxLength} characters.`;
  if (UNSAFE.test(label)) {
    return `${what} holds no control characters and no invisible or direction marks.`;
  }
  if (holdsSecret(label)) {
    return `${what} holds no secret, and this looks like one of Latchkey's. Anybody who sees it could use it: create a new one in its place.`;
  }
  return undefined;
}
