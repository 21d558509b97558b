import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const table = await readFile(new URL('docs/desktop-security.md', root), 'utf8');
const rows = [...table.matchAll(/^\| +(\d+) \|.*\| `([^`]+)` +\| `([^`]+)` +\|$/gm)].map(
  ([, row, file, code]) => ({ row, file: file ?? '', code: code ?? '' }),
);

test('every row of Electron’s checklist is answered', () => {
  expect(rows.map(({ row }) => Number(row))).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

test.each(rows)('row $row: $file has $code', async ({ file, code }) => {
  expect(await readFile(new URL(file, root), 'utf8')).toContain(code);
});

test('nothing turns Blink features on', async () => {
  const window = 'packages/desktop/src/main/electron/main-window.ts';
  expect(await readFile(new URL(window, root), 'utf8')).not.toMatch(/enableBlinkFeatures/);
});
