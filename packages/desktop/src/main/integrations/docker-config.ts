import { join } from 'node:path';
import { applyEdits, type JSONPath, modify } from 'jsonc-parser';
import type { ConfigFormat } from './config-format.js';

const SECTION = 'credHelpers';

/** docker's `config.json`: `credHelpers` maps a registry to the helper that is asked for it, before any other store. */
export const dockerConfig: ConfigFormat = {
  locate: ({ homeDirectory, environment }) =>
    join(environment.DOCKER_CONFIG || join(homeDirectory, '.docker'), 'config.json'),

  async objection(_path, text) {
    if (text.trim() === '') return undefined;
    const config = parse(text);
    if (config === undefined) return 'It is not JSON, and docker itself cannot read it either.';
    const helpers = config[SECTION];
    const isRight = helpers === undefined || isStrings(helpers);
    return isRight
      ? undefined
      : `Its “${SECTION}” is not an object from registries to helpers, and docker itself cannot read it either.`;
  },

  withHosts: (text, hosts, helper) =>
    hosts.reduce((result, host) => set(result, [SECTION, host], helper), nonEmpty(text)),

  otherHelpers(text, hosts) {
    const helpers = helpersOf(text);
    return Object.fromEntries(
      hosts.flatMap((host) => {
        const helper = Object.hasOwn(helpers, host) ? helpers[host] : undefined;
        return helper === undefined ? [] : [[host, helper]];
      }),
    );
  },

  withoutHosts(text, hosts, helper, otherHelpers) {
    const helpers = helpersOf(text);
    const ours = hosts.filter((host) => helpers[host] === helper);
    const result = ours.reduce(
      (changed, host) => set(changed, [SECTION, host], otherHelpers[host]),
      text,
    );
    const isEmptied = ours.length > 0 && Object.keys(helpersOf(result)).length === 0;
    return isEmptied ? set(result, [SECTION], undefined) : result;
  },

  holds(text, hosts, helper) {
    const helpers = helpersOf(text);
    return hosts.every((host) => helpers[host] === helper);
  },

  outline(text) {
    const entries = Object.entries(parse(text) ?? {});
    const body = entries.flatMap(([key, value], index) => {
      const lines = outlineOf(key, value);
      return index < entries.length - 1 ? [...lines.slice(0, -1), `${lines.at(-1)},`] : lines;
    });
    return text.trim() === '' ? [] : ['{', ...body, '}'];
  },
};

function outlineOf(key: string, value: unknown): readonly string[] {
  const name = JSON.stringify(key);
  if (key === SECTION) {
    return `${name}: ${JSON.stringify(value, undefined, 2)}`.split('\n').map((line) => `  ${line}`);
  }
  const shape = Array.isArray(value) ? '[…]' : typeof value === 'object' ? '{…}' : '…';
  return [`  ${name}: ${shape}`];
}

/** Only the text of that entry changes; undefined takes it out. */
function set(text: string, path: JSONPath, value: string | undefined): string {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '\t';
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}

function nonEmpty(text: string): string {
  return text.trim() === '' ? '{}\n' : text;
}

function helpersOf(text: string): Readonly<Record<string, string>> {
  const helpers = parse(text)?.[SECTION];
  return isStrings(helpers) ? helpers : {};
}

function isStrings(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((entry) => typeof entry === 'string');
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const config: unknown = JSON.parse(text);
    return isObject(config) ? config : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
