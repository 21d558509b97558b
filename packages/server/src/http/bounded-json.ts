/** How much a text of JSON may hold. */
export interface JsonLimits {
  /** Arrays and objects within one another. */
  readonly depth: number;
  /** Fields and items of all arrays and objects together. */
  readonly values: number;
}

/** The text holds more than allowed. */
export class JsonTooLarge extends Error {
  override readonly name = 'JsonTooLarge';
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
/** `[` and `{`, and what closes them. */
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);

/** `JSON.parse` of a text within `limits`. @throws JsonTooLarge, SyntaxError */
export function parseJson(text: string, limits: JsonLimits): unknown {
  requireJsonWithin(text, limits);
  return JSON.parse(text);
}

/**
 * Looks through a text before it is parsed: objects of many keys take `JSON.parse` forty times as long as a string of the
 * same length, and what is done with them afterwards takes longer still.
 * @throws JsonTooLarge beyond `limits`
 */
export function requireJsonWithin(text: string, limits: JsonLimits): void {
  let depth = 0;
  let values = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === QUOTE) index = endOfString(text, index);
    else if (char === COMMA) values++;
    else if (OPENERS.has(char)) {
      depth++;
      values++;
    } else if (CLOSERS.has(char)) depth--;
    if (depth > limits.depth || values > limits.values) throw new JsonTooLarge();
  }
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === QUOTE) return index;
    if (char === BACKSLASH) index++;
  }
  return text.length;
}
