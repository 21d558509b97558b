import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ConfigFormat } from './config-format.js';

const GIT_MS = 5_000;
const run = promisify(execFile);

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

  async objection(path, text) {
    if (text === '') return undefined;
    try {
      await run('git', ['config', '--file', path, '--list'], {
        timeout: GIT_MS,
        encoding: 'buffer',
      });
      return undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'git is not installed, or not where this app looks for programs.'
        : 'git itself cannot read it.';
    }
  },

  withHosts(text, hosts, helper) {
    const eol = eolOf(text);
    const start = text === '' || text.endsWith('\n') ? text : text + eol;
    return hosts.reduce((result, host) => result + section(host, helper).join(eol) + eol, start);
  },

  otherHelpers: () => ({}),

  withoutHosts(text, hosts, helper) {
    const eol = eolOf(text);
    const lines: readonly string[] = text.split(eol);
    return hosts.reduce((left, host) => withoutSection(left, host, helper), lines).join(eol);
  },

  holds(text, hosts, helper) {
    const joined = `\n${text.replaceAll('\r\n', '\n')}\n`;
    return hosts.every((host) => joined.includes(`\n${section(host, helper).join('\n')}\n`));
  },

  outline(text) {
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    let isCredential = false;
    return lines.map((line) => {
      if (/^\s*\[/.test(line)) {
        isCredential = /^\s*\[credential\b/i.test(line);
        return line.replace(/\/\/[^/"\]]*@/, '//…@');
      }
      if (isCredential && /^\s*helper\s*=/.test(line)) return line;
      return /^\s*[\w-]+\s*=/.test(line) ? line.replace(/=.*/, '= …') : line.trim() && '\t…';
    });
  },
};

/** A program's path as git's `helper` takes it: for the shell first, then for git's own quoting. */
export function gitHelperOf(path: string): string {
  const forShell = path.replaceAll('\\', '/').replace(/[^\p{L}\p{N}_\-.:/@]/gu, '\\$&');
  return forShell.includes('\\') ? `"${forShell.replace(/[\\"]/g, '\\$&')}"` : forShell;
}

function section(host: string, helper: string): readonly string[] {
  return [`[credential "${host}"]`, '\thelper =', `\thelper = ${helper}`];
}

/** Without our two lines under that host's headings, and without a heading that then stands over nothing. */
function withoutSection(lines: readonly string[], host: string, helper: string): readonly string[] {
  const [heading, reset, ours] = section(host, helper).map((line) => line.trim());
  const result: string[] = [];
  let headingAt = -1;
  for (const line of [...lines, '[']) {
    const text = line.trim();
    if (text.startsWith('[')) {
      const isBare = headingAt >= 0 && result.slice(headingAt + 1).every((kept) => kept === '');
      if (isBare && hadOurs(lines, heading, ours)) result.splice(headingAt, 1);
      headingAt = text === heading ? result.length : -1;
    }
    if (headingAt >= 0 && text === ours) {
      if (result.at(-1)?.trim() === reset) result.pop();
      continue;
    }
    result.push(line);
  }
  return result.slice(0, -1);
}

function hadOurs(lines: readonly string[], heading?: string, ours?: string): boolean {
  const texts = lines.map((line) => line.trim());
  return texts.includes(heading ?? '') && texts.includes(ours ?? '');
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
