import { join } from 'node:path';
import { applyEdits, type JSONPath, modify, type Node, parseTree } from 'jsonc-parser';
import type { ConfigFormat } from './config-format.js';

const SECTION = 'credHelpers';
/** Go matches the names of fields in any letter case. */
const SECTION_NAME = /^credHelpers$/iu;
const STORE_NAME = /^credsStore$/iu;

/** A registry's helper. Null counts as no helper, in a file that docker reads. */
type Helpers = Readonly<Record<string, string | null>>;

/**
 * docker's `config.json`: `credHelpers` maps a registry to the helper that is asked for it, before any other store. What Go's
 * decoder takes for an empty map or an empty file is one here too.
 */
export const dockerConfig: ConfigFormat = {
  locate: ({ homeDirectory, environment }) =>
    join(environment.DOCKER_CONFIG || join(homeDirectory, '.docker'), 'config.json'),

  async objection(text) {
    if (isBlank(text)) return undefined;
    if (parse(text) === undefined) return 'It is not a JSON object.';
    const sections = sectionsOf(text);
    // docker merges them, so a change to one could be undone by another.
    if (sections.length > 1) return `It has “${SECTION}” more than once. Leave one of them.`;
    const [value] = sections;
    if (value !== undefined && !isHelpers(value.valueNode)) {
      return `Its “${SECTION}” is not an object from registries to helpers, and docker itself cannot read it either.`;
    }
    const names = (value?.valueNode.children ?? []).map(nameOf);
    return new Set(names).size < names.length
      ? `Its “${SECTION}” names a registry more than once. Leave one of each.`
      : undefined;
  },

  withHosts: (text, hosts, helper) =>
    hosts.reduce(
      (result, host) => set(result, [sectionName(result), host], helper),
      withoutNull(isBlank(text) ? '{}\n' : text),
    ),

  otherHelpers(text, hosts) {
    const helpers = helpersOf(text);
    const had = hosts.filter((host) => Object.hasOwn(helpers, host));
    return Object.fromEntries(had.map((host) => [host, helpers[host] ?? null]));
  },

  withoutHelper(text, helper, otherHelpers) {
    const helpers = helpersOf(text);
    const name = sectionName(text);
    const ours = Object.keys(helpers).filter((host) => helpers[host] === helper);
    const result = ours.reduce(
      (changed, host) => set(changed, [name, host], otherHelpers[host]),
      text,
    );
    const isEmptied = ours.length > 0 && Object.keys(helpersOf(result)).length === 0;
    return isEmptied ? set(result, [name], undefined) : result;
  },

  holds(text, hosts, helper) {
    const helpers = helpersOf(text);
    return hosts.every((host) => Object.hasOwn(helpers, host) && helpers[host] === helper);
  },

  names(text, helper) {
    const store = Object.entries(parse(text) ?? {}).find(([key]) => STORE_NAME.test(key));
    return store?.[1] === helper || Object.values(helpersOf(text)).includes(helper);
  },

  outline(text) {
    const entries = Object.entries(parse(text) ?? {});
    const body = entries.flatMap(([key, value], index) => {
      const lines = outlineOf(key, value);
      return index < entries.length - 1 ? [...lines.slice(0, -1), `${lines.at(-1)},`] : lines;
    });
    return isBlank(text) ? [] : ['{', ...body, '}'];
  },
};

function outlineOf(key: string, value: unknown): readonly string[] {
  const name = JSON.stringify(key);
  if (SECTION_NAME.test(key)) {
    return `${name}: ${JSON.stringify(value, undefined, 2)}`.split('\n').map((line) => `  ${line}`);
  }
  const shape = Array.isArray(value) ? '[…]' : isObject(value) ? '{…}' : '…';
  return [`  ${name}: ${shape}`];
}

/** Only the text of that entry changes; undefined takes it out. */
function set(text: string, path: JSONPath, value: unknown): string {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '\t';
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}

/** docker reads a file of white space, or of `null`, as one without settings. */
function isBlank(text: string): boolean {
  return ['', 'null'].includes(text.trim());
}

/** An empty object in the place of a null, so that entries can be put into it. */
function withoutNull(text: string): string {
  const [section] = sectionsOf(text);
  return section?.valueNode.type === 'null' ? set(text, [section.name], {}) : text;
}

interface Section {
  readonly name: string;
  readonly valueNode: Node;
}

/** The root's fields that docker takes for `credHelpers`. */
function sectionsOf(text: string): readonly Section[] {
  const properties = parseTree(text)?.children ?? [];
  return properties.flatMap((property) => {
    const name = nameOf(property);
    const valueNode = property.children?.[1];
    return valueNode !== undefined && SECTION_NAME.test(name) ? [{ name, valueNode }] : [];
  });
}

function nameOf(property: Node): string {
  return String(property.children?.[0]?.value);
}

function sectionName(text: string): string {
  return sectionsOf(text)[0]?.name ?? SECTION;
}

function isHelpers({ type, children = [] }: Node): boolean {
  const values = children.map((property) => property.children?.[1]?.type ?? '');
  const isMap = type === 'object' && values.every((value) => ['string', 'null'].includes(value));
  return type === 'null' || isMap;
}

function helpersOf(text: string): Helpers {
  const helpers = parse(text)?.[sectionName(text)];
  return isObject(helpers) ? (helpers as Helpers) : {};
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
