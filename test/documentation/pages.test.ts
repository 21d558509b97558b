import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readPage } from '../support/documented.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every page, without its code blocks. */
async function pages(): Promise<ReadonlyMap<string, string>> {
  const inDocs = (await readdir(join(ROOT, 'docs'))).map((name) => `docs/${name}`);
  const names = [...(await readdir(ROOT)), ...inDocs].filter((name) => name.endsWith('.md'));
  const read = async (name: string) =>
    [name, (await readPage(name)).replace(/^ *```.*?^ *```$/gms, '')] as const;
  return new Map(await Promise.all(names.map(read)));
}

/** A heading as its address has it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-');

test('every link of the documentation leads to a file and a heading that are there', async () => {
  const all = await pages();
  const broken: string[] = [];
  for (const [name, text] of all) {
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? name : normalize(join(dirname(name), path));
      const headings = [...(all.get(target) ?? '').matchAll(/^#+ (.*)$/gm)];
      const isThere =
        existsSync(join(ROOT, target)) &&
        (anchor === undefined || headings.some(([, heading = '']) => anchorOf(heading) === anchor));
      if (!isThere) broken.push(`${name}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});

test('every setting is on the page of settings, or on the one of databases', async () => {
  const text = (await readPage('docs/configuration.md')) + (await readPage('docs/mysql.md'));
  const sources = ['config.ts', 'database/database-settings.ts'];
  const settings: string[] = [];
  for (const source of sources) {
    const code = await readPage(`packages/server/src/${source}`);
    settings.push(
      ...[...code.matchAll(/^ {2}((?:[A-Z]+_)*[A-Z]+): /gm)].map(([, name = '']) => name),
    );
  }
  expect(settings).toContain('LATCHKEY_REGISTRY_KEYS');
  expect(settings).toContain('LATCHKEY_DATABASE_TLS_CA');
  expect(settings.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
