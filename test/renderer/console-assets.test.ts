import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { LiveServer } from '../support/live-server.js';
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
  for (const name of readdirSync(ASSETS)) expect(name).toMatch(/-[\w-]{8}\.(js|css|woff2)(\.gz)?$/);
});

test('scripts and styles travel gzipped to clients that take it, and plain to others', async () => {
  await using server = await LiveServer.start();
  const names = readdirSync(ASSETS).filter((name) => /\.(js|css)$/.test(name));
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) {
    const ask = (encoding: string) =>
      fetch(`${server.url}/assets/${name}`, { headers: { 'accept-encoding': encoding } });
    const [small, plain] = await Promise.all([ask('gzip'), ask('identity')]);
    expect(small.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(small.headers.get('vary')).toContain('Accept-Encoding');
    expect(small.headers.get('content-type')).toBe(plain.headers.get('content-type'));
    expect(await small.text()).toBe(await plain.text());
  }
});
