/** A section's heading, or a variable under one, and where it stands in the text. */
export interface GitConfigEntry {
  readonly kind: 'SECTION' | 'VARIABLE';
  /** Section and variable in lower case, such as `credential` and `helper`. The variable is empty at a heading. */
  readonly section: string;
  /** As quoted in the heading; empty where there is none. */
  readonly subsection: string;
  readonly name: string;
  /** As git reads it, without quotes, escapes and remarks. */
  readonly value: string;
  /** From its first character, after the line's indent, to the last before the line's end. */
  readonly start: number;
  readonly end: number;
}

const BLANK = /[ \t\r\n\v\f\uFEFF]*/y;
const REMARK = /[#;][^\n]*/y;
const HEADING = /\[\s*([\w.-]+)\s*(?:"((?:\\[^\n]|[^"\\\n])*)"\s*)?\]/y;
const NAME = /[A-Za-z][A-Za-z0-9-]*/y;
const VALUE_PART = /"|\\\r?\n|\\([^\n])|[#;]|\r?(?:\n|$)|[^"\\#;\r\n]+|\r/y;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/**
 * The entries of a text that git can read (git-config(1), “Syntax”): CR LF counts as LF, a value goes on after a backslash at
 * the line's end, and a variable may stand in its heading's line. What it does not know is passed over by the line.
 */
export function readGitConfig(text: string): readonly GitConfigEntry[] {
  const entries: GitConfigEntry[] = [];
  let at = 0;
  let [section, subsection] = ['', ''];
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  for (;;) {
    take(BLANK);
    if (at >= text.length) return entries;
    const start = at;
    if (take(REMARK) !== null) continue;
    const heading = take(HEADING);
    if (heading !== null) {
      const [, name = '', quoted] = heading;
      const [own = '', ...rest] = name.split('.');
      section = own.toLowerCase();
      // The old form, `[section.subsection]`, is in lower case.
      subsection = quoted?.replace(/\\(.)/g, '$1') ?? rest.join('.').toLowerCase();
      entries.push({ kind: 'SECTION', section, subsection, name: '', value: '', start, end: at });
      continue;
    }
    const name = take(NAME)?.[0]?.toLowerCase();
    if (name === undefined) {
      take(/[^\n]+/y);
      continue;
    }
    take(/[ \t]*/y);
    const value = take(/=[ \t]*/y) === null ? '' : takeValue(take);
    const end = at - (/\r?\n$/.exec(text.slice(start, at))?.[0].length ?? 0);
    entries.push({ kind: 'VARIABLE', section, subsection, name, value, start, end });
  }
}

/** Up to the line's end, which is taken too. */
function takeValue(take: (pattern: RegExp) => RegExpExecArray | null): string {
  let value = '';
  let isQuoted = false;
  /** White space before it counts: it was quoted or escaped. */
  let kept = 0;
  for (;;) {
    const part = take(VALUE_PART);
    if (part === null) break;
    const [text, escaped] = part;
    if (text === '"') {
      isQuoted = !isQuoted;
      kept = value.length;
    } else if (/^\\\r?\n$/.test(text)) continue;
    else if (escaped !== undefined) {
      value += ESCAPED[escaped] ?? escaped;
      kept = value.length;
    } else if (/^\r?\n?$/.test(text) && text !== '\r') break;
    else if (!isQuoted && /^[#;]$/.test(text)) {
      take(/[^\n]*\n?/y);
      break;
    } else {
      value += text;
      if (isQuoted) kept = value.length;
    }
  }
  return value.slice(0, kept) + value.slice(kept).trimEnd();
}
