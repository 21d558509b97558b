import { type ExecFileException, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigFormat } from './config-format.js';
import { type GitConfigEntry, readGitConfig } from './git-config-entries.js';

const GIT_MS = 5_000;

/**
 * git's own configuration. Each host gets a section at the end: an empty `helper` first, so that no helper above it
 * (`store` writes to the disk) is handed the token, then ours.
 */
export const gitConfig: ConfigFormat = {
  locate({ homeDirectory, environment }) {
    if (environment.GIT_CONFIG_GLOBAL) return environment.GIT_CONFIG_GLOBAL;
    const own = join(homeDirectory, '.gitconfig');
    const base = environment.XDG_CONFIG_HOME || join(homeDirectory, '.config');
    const shared = join(base, 'git', 'config');
    // As git does when it writes: the one in the home folder, unless only the other is there.
    return !existsSync(own) && existsSync(shared) ? shared : own;
  },

  async objection(text) {
    if (text === '') return undefined;
    const failure = await readByGit(text);
    if (failure === null) return undefined;
    return failure.code === 'ENOENT'
      ? 'git is not installed, or not where this app looks for programs.'
      : 'git itself cannot read it.';
  },

  withHosts(text, hosts, helper) {
    const eol = text.match(/\r?\n/g)?.at(-1) ?? '\n';
    // A backslash at the end would go on with the first line of ours.
    const isContinued = /\\(?:\r?\n)?$/.test(text);
    const isEnded = text === '' || text.endsWith('\n');
    const start = text + (isEnded ? '' : eol) + (isContinued ? eol : '');
    return hosts.reduce((result, host) => result + section(host, helper).join(eol) + eol, start);
  },

  otherHelpers: () => ({}),

  withoutHelper(text, helper) {
    const value = valueAsRead(helper);
    const entries = readGitConfig(text);
    const isOurs = (entry: GitConfigEntry) => isHelper(entry) && entry.value === value;
    const gone = new Set(entries.filter((entry, index) => isOurs(entry) || isReset(index)));
    // A heading that stood over ours, and now over nothing.
    for (const [index, heading] of entries.entries()) {
      if (heading.kind !== 'SECTION') continue;
      const next = entries.findIndex((entry, at) => at > index && entry.kind === 'SECTION');
      const below = entries.slice(index + 1, next < 0 ? undefined : next);
      const hasRemark = /[#;]/.test(textBetween(text, heading, below, entries[next]));
      if (below.some(isOurs) && below.every((entry) => gone.has(entry)) && !hasRemark) {
        gone.add(heading);
      }
    }
    return withoutEntries(
      text,
      [...gone].sort((one, other) => one.start - other.start),
    );

    /** The empty helper that goes before ours. */
    function isReset(index: number): boolean {
      const [entry, next] = [entries[index], entries[index + 1]];
      return entry?.value === '' && isHelper(entry) && next !== undefined && isOurs(next);
    }
  },

  holds(text, hosts, helper) {
    const value = valueAsRead(helper);
    const entries = readGitConfig(text).filter(isHelper);
    return hosts.every((host) => {
      const values = entries
        .filter(({ subsection }) => subsection === '' || subsection === host)
        .map((entry) => entry.value);
      const asked = values.slice(values.lastIndexOf('') + 1);
      return asked.length === 1 && asked[0] === value;
    });
  },

  names(text, helper) {
    const path = valueAsRead(helper).replace(/\\(.)/g, '$1');
    return readGitConfig(text).some(({ value }) =>
      [value, value.replace(/\\(.)/g, '$1')].some((read) => read.includes(path)),
    );
  },

  outline(text) {
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    let isCredential = false;
    return lines.map((line) => {
      const heading = /^\s*\[(?:"(?:\\.|[^"\\])*"|[^"\]])*\]/.exec(line)?.[0];
      if (heading !== undefined) {
        isCredential = /^\s*\[\s*credential\b/i.test(heading);
        const rest = line.slice(heading.length).trim() === '' ? '' : ' …';
        return heading.replace(/\/\/[^/"\]]*@/, '//…@') + rest;
      }
      if (isCredential && /^\s*helper\s*=/i.test(line)) return line;
      return /^\s*[\w-]+\s*=/.test(line) ? line.replace(/=.*/, '= …') : line.trim() && '\t…';
    });
  },
};

/** A program's path as git's `helper` takes it: for the shell first, then for git's own quoting. */
export function gitHelperOf(path: string): string {
  const forShell = path.replaceAll('\\', '/').replace(/[^\p{L}\p{N}_\-.:/@]/gu, '\\$&');
  return forShell.includes('\\') ? `"${forShell.replace(/[\\"]/g, '\\$&')}"` : forShell;
}

/** Null where git reads `text` without an error. */
function readByGit(text: string): Promise<ExecFileException | null> {
  return new Promise((resolve) => {
    const options = { timeout: GIT_MS, encoding: 'buffer' as const };
    const child = execFile('git', ['config', '--file', '-', '--list'], options, (error) =>
      resolve(error),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(text);
  });
}

function section(host: string, helper: string): readonly string[] {
  return [`[credential "${host}"]`, '\thelper =', `\thelper = ${helper}`];
}

/** The value that git reads where `helper` is written. */
function valueAsRead(helper: string): string {
  return readGitConfig(`[credential]\nhelper = ${helper}`).at(-1)?.value ?? helper;
}

function isHelper({ kind, section: name, name: variable }: GitConfigEntry): boolean {
  return kind === 'VARIABLE' && name === 'credential' && variable === 'helper';
}

/** What a section holds beside its entries. */
function textBetween(
  text: string,
  heading: GitConfigEntry,
  below: readonly GitConfigEntry[],
  next: GitConfigEntry | undefined,
): string {
  const starts = [...below.map(({ start }) => start), next?.start ?? text.length];
  const ends = [heading.end, ...below.map(({ end }) => end)];
  return ends.map((end, index) => text.slice(end, starts[index])).join('');
}

/** A line that held nothing else goes as a whole. */
function withoutEntries(text: string, gone: readonly GitConfigEntry[]): string {
  let result = '';
  let at = 0;
  for (const { start, end } of gone) {
    result += text.slice(at, start);
    at = end;
    const indent = /(^|\n)([ \t]*)$/.exec(result)?.[2];
    const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0];
    if (indent !== undefined && rest !== undefined) {
      result = result.slice(0, result.length - indent.length);
      at += rest.length;
    }
  }
  return result + text.slice(at);
}
