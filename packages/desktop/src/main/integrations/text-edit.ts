import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The one place where two texts differ: at `at`, `removed` gave way to `inserted`. */
export const textEditSchema = z.object({
  at: z.number().int().min(0),
  removed: z.string(),
  inserted: z.string(),
});
type TextEdit = z.infer<typeof textEditSchema>;

export function editBetween(before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length);
  let at = 0;
  while (at < most && before[at] === after[at]) at++;
  let tail = 0;
  while (tail < most - at && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return {
    at,
    removed: before.slice(at, before.length - tail),
    inserted: after.slice(at, after.length - tail),
  };
}

/** The text before `edit` was made to it. */
export function takeBack(text: string, { at, removed, inserted }: TextEdit): string {
  return text.slice(0, at) + removed + text.slice(at + inserted.length);
}

/** Names a file's content; null is a file that is not there. */
export function fingerprint(content: string | null): string {
  return content === null ? 'absent' : createHash('sha256').update(content).digest('base64url');
}
