import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

/*
 * Where code has moved, a row's failure says on which line it stands now: write that number into the table of SECURITY.md.
 * Where the code itself has changed, give the row what answers the advice instead.
 */
const root = new URL('../../', import.meta.url);
const security = await readFile(new URL('SECURITY.md', root), 'utf8');
const rows = [...security.matchAll(/^\| +(\d+) \|.*\| `([^`]+):(\d+)` +\| `([^`]+)` +\|$/gm)].map(
  ([, row, file = '', line, code = '']) => ({ row, file, line: Number(line), code }),
);

test('every row of Electron’s checklist is answered', () => {
  expect(rows.map(({ row }) => Number(row))).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

test.each(rows)('row $row: $file:$line has $code', async ({ row, file, line, code }) => {
  const lines = (await readFile(new URL(file, root), 'utf8')).split('\n');
  const found = lines.flatMap((text, index) => (text.includes(code) ? [index + 1] : []));
  expect(
    found,
    `Row ${row} of SECURITY.md says ${file}:${line}; ${code} is on line ${found.join(' or ') || 'none'}.`,
  ).toContain(line);
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
