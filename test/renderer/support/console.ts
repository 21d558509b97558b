import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, type TestAPI, test } from 'vitest';
import { believableData, type FakeData } from './fake-data.js';
import { FakeServer } from './fake-server.js';

const BUILT_PAGE = new URL('../../../packages/desktop/dist/console/index.html', import.meta.url);
const EXECUTABLES = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export const ACCOUNT = {
  username: 'mara',
  email: 'mara@example.com',
  password: 'correct horse battery',
  role: 'ADMINISTRATOR',
} as const;

const executablePath = EXECUTABLES.find((path) => path !== '' && existsSync(path));
if (!executablePath) {
  if (process.env.CI) throw new Error('CI installs a Chromium, and there is none.');
  console.warn('No Chromium is installed, so what needs a browser is skipped.');
}

/** A test in a real browser; skipped where none is installed. */
export const browserTest: TestAPI['skip'] = executablePath ? test : test.skip;

export interface Look {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Runs in the page before its own. */
  readonly script?: string;
}

export interface Opened {
  readonly page: Page;
  /** What the page's console said that is worse than information, broken policies among it. */
  readonly complaints: readonly string[];
  /** The address of every request. */
  readonly requests: readonly string[];
}

/** Starts one browser for the file, and servers and pages that are gone after each test. */
export function useConsole() {
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  const servers: FakeServer[] = [];

  beforeAll(async () => {
    if (!executablePath) return;
    if (!existsSync(BUILT_PAGE)) throw new Error('The console is not built. Run "npm run build".');
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  afterAll(() => browser?.close());

  async function start(data: FakeData = believableData()): Promise<FakeServer> {
    const server = await FakeServer.start(data);
    server.account = ACCOUNT;
    servers.push(server);
    return server;
  }

  async function open(
    server: { readonly url: string },
    path = '/',
    look: Look = {},
  ): Promise<Opened> {
    const { scheme = 'light', width = 1280, height = 800 } = look;
    const context = await (browser as Browser).newContext({
      baseURL: server.url,
      colorScheme: scheme,
      viewport: { width, height },
      reducedMotion: 'reduce',
    });
    contexts.push(context);
    const page = await context.newPage();
    if (look.script) await page.addInitScript(look.script);
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(path);
    return { page, complaints, requests };
  }

  /** Opened and signed in, at `path`. */
  async function enter(server: FakeServer, path = '/tokens', look: Look = {}): Promise<Opened> {
    const opened = await open(server, path, look);
    await signIn(opened.page);
    await opened.page.locator('#main').waitFor();
    return opened;
  }

  return { start, open, enter };
}

export async function signIn(
  page: Page,
  password: string = ACCOUNT.password,
  username: string = ACCOUNT.username,
): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
