import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveAppFile } from '../../packages/desktop/src/main/app-files.js';
import { isAppUrl, isHttpsUrl } from '../../packages/desktop/src/main/app-origin.js';
import { parseArguments } from '../../packages/desktop/src/main/ipc-arguments.js';

let parent: string;
let directory: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'latchkey-files-'));
  directory = join(parent, 'renderer');
  await mkdir(directory);
  await writeFile(join(directory, 'index.html'), '<title>Latchkey</title>');
  await writeFile(join(directory, 'main.js'), 'start()');
  await writeFile(join(parent, 'secret.js'), 'secret');
});
afterAll(() => rm(parent, { recursive: true, force: true }));

test.each(['/', '/tokens', '/tokens/019a-b'])(
  '%s is the page, under a strict policy',
  async (path) => {
    const response = await serveAppFile(directory, `app://latchkey${path}`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(response.status).toBe(200);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(await response.text()).toBe('<title>Latchkey</title>');
  },
);

test.each([
  '/../secret.js',
  '/%2e%2e/secret.js',
  '/..%2fsecret.js',
  '/x/%2e%2e%2f%2e%2e%2fsecret.js',
  '/main.js%00.html',
  '/%',
  '/unknown.js',
])('%s is not found', async (path) => {
  const response = await serveAppFile(directory, `app://latchkey${path}`);
  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain('secret');
});

test('a script is served as one', async () => {
  const response = await serveAppFile(directory, 'app://latchkey/main.js');
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([
  'app://latchkey.example/',
  'app://latchkey@example.com/',
  'https://latchkey/',
  'file:///etc/passwd',
  'app://other/',
])('%s is not the app', (url) => expect(isAppUrl(url)).toBe(false));

test.each(['http://example.com', 'file:///etc/passwd', 'javascript:alert(1)', 'smb://x', ''])(
  '%j does not open in the browser',
  (url) => {
    expect(isHttpsUrl(url)).toBe(false);
    expect(() => parseArguments('openExternal', [url])).toThrow('openExternal');
  },
);

test('arguments that are not as agreed are refused without being repeated', () => {
  const password = { password: ['hunter2hunter2'] };
  expect(() => parseArguments('signIn', [password])).toThrow(/^The arguments of signIn/);
  expect(() => parseArguments('signOut', ['more'])).toThrow();
  expect(() => parseArguments('reauthenticate', [{ password: 'x', more: 1 }])).toThrow();
  expect(parseArguments('openExternal', ['https://example.com/'])).toEqual([
    'https://example.com/',
  ]);
});
