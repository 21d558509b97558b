import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const security = await readFile(new URL('SECURITY.md', root), 'utf8');
const rows = [...security.matchAll(/^\| +(\d+) \|.*\| `([^`]+)` +\| `([^`]+)` +\|$/gm)].map(
  ([, row, file = '', code = '']) => ({ row, file, code }),
);

test('every row of Electron’s checklist is answered', () => {
  expect(rows.map(({ row }) => Number(row))).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

test.each(rows)('row $row: $file has $code', async ({ file, code }) => {
  expect(await readFile(new URL(file, root), 'utf8')).toContain(code);
});

test('every file that SECURITY.md names is there', () => {
  const named = [...security.matchAll(/`([\w./-]+\.(?:ts|tsx|mjs|json))`/g)].map(
    ([, path = '']) => path,
  );
  const isThere = (path: string) =>
    [path, `packages/server/src/${path}`].some((each) => existsSync(new URL(each, root)));
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !isThere(path))).toEqual([]);
});

test('nothing turns Blink features on', async () => {
  const directory = new URL('packages/desktop/', root);
  const sources = (await readdir(new URL('src/', directory), { recursive: true }))
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `src/${name}`);
  const mentions: string[] = [];
  for (const name of [...sources, 'electron-builder.config.mjs', 'scripts/open.mjs']) {
    const text = await readFile(new URL(name, directory), 'utf8');
    if (/enable-?blink-?features/i.test(text)) mentions.push(name);
  }
  expect(mentions).toEqual([]);
});
