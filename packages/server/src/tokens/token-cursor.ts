import { z } from 'zod';

const cursor = z.object({
  order: z.string().max(32),
  key: z.union([z.string().max(200), z.number()]),
  id: z.string().max(36),
});

/** A token's place in an ordered list. */
export type TokenCursor = z.infer<typeof cursor>;

export function encodeCursor(place: TokenCursor): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that `text` names; undefined where it is not one that we gave. */
export function decodeCursor(text: string): TokenCursor | undefined {
  try {
    return cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    return undefined;
  }
}
