import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { browserTest, useConsole } from './support/console.js';

const console = useConsole();
const ASSETS = new URL('../../packages/desktop/dist/console/assets/', import.meta.url);
const SCRIPT_BYTES_AT_MOST = 350_000;

browserTest('everything comes from the server itself, and the script fits its budget', async () => {
  const server = await console.start();
  const { page, requests } = await console.enter(server);
  await page.getByText('Nightly mirror').waitFor();
  expect(requests.filter((url) => !url.startsWith(server.url))).toEqual([]);
  const scripts = requests
    .filter((url) => url.endsWith('.js'))
    .map((url) => url.split('/').at(-1) ?? '');
  const bytes = [...new Set(scripts)].reduce(
    (sum, name) => sum + gzipSync(readFileSync(new URL(name, ASSETS))).length,
    0,
  );
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(SCRIPT_BYTES_AT_MOST);
});

browserTest('every asset’s name carries its hash', () => {
  for (const name of readdirSync(ASSETS)) expect(name).toMatch(/-[\w-]{8}\.(js|css|woff2)$/);
});
