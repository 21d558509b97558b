import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startLatchkey } from '../harness/measured-server.js';
import { PASSWORD, type Seed } from '../harness/seed.js';
import { medians } from '../harness/statistics.js';
import { atMost, type Section } from '../report.js';
import { launchBrowser, notMeasured, untilTokensAreShown } from './browser.js';
import { giveTokens, MANY_TOKENS } from './many-tokens.js';
import type { Scale } from './scale.js';

const TITLE = 'The console in Chromium';
const VIEWPORT = { width: 1280, height: 800 };
const WHEEL_PIXELS = 120;
const USES_PER_ROUND = 5;
/** Runs in the page: keeps the longest time between two frames, in milliseconds, in `longestFrame`. */
const WATCH_FRAMES = `window.longestFrame = 0;
  requestAnimationFrame(function next(before) {
    requestAnimationFrame((now) => {
      window.longestFrame = Math.max(window.longestFrame, now - before);
      next(now);
    });
  })`;

/** The browser's side of it: how soon a page is there, how smoothly it scrolls, how soon it shows a use. */
export async function measureConsole(seed: Seed, scale: Scale): Promise<Section> {
  await using browser = await launchBrowser();
  if (browser === undefined) return notMeasured(TITLE, 'Not measured: no Chromium is installed.');
  const owner = giveTokens(seed);
  await using server = await startLatchkey(seed.databasePath);
  const cookies = await signIn(browser, server.url, owner.username);
  const rounds = [];
  for (let round = 0; round < scale.rounds; round++) {
    // With a context of its own a round begins with an empty cache.
    await using context = await browser.newContext({ baseURL: server.url, viewport: VIEWPORT });
    await context.addCookies(cookies);
    rounds.push({
      ...(await load(context)),
      ...(await scrollThrough(context)),
      useMs: await uses(context, server.url, owner.tokenSecret),
    });
  }
  const { loadMs, scriptKb, scrollMs, nextMs, useMs } = medians(rounds);
  return {
    title: TITLE,
    method: [
      `An account of ${MANY_TOKENS} tokens, a window of ${VIEWPORT.width} by ${VIEWPORT.height}, ${scale.rounds} rounds with an empty cache each; medians. The wheel`,
      'turns through every part of the list. A use counts from its request to its row in the activity; the slowest of',
      `${USES_PER_ROUND} a round.`,
    ],
    columns: ['figure', 'median'],
    rows: [
      ['cold load to the list of tokens, ms', loadMs],
      ['script at the first load, gzipped, kB', scriptKb],
      ['longest frame while scrolling, ms', scrollMs],
      ['longest frame from one part to the next, ms', nextMs],
      ['use on the server to the screen, ms', useMs],
    ],
    targets: [
      atMost('cold load in ms', loadMs, 1500),
      atMost('gzipped script in kB', scriptKb, 350),
      atMost('longest frame while scrolling in ms', scrollMs, 50),
      atMost('longest frame from one part to the next in ms', nextMs, 100),
      atMost('use to the screen in ms', useMs, 250),
    ],
  };
}

async function signIn(browser: Browser, baseURL: string, username: string) {
  await using context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.goto('/');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await untilTokensAreShown(page);
  return context.cookies();
}

async function load(context: BrowserContext) {
  const page = await context.newPage();
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  await page.goto('/tokens');
  const loadMs = await untilTokensAreShown(page);
  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
  await page.close();
  return { loadMs, scriptKb: sizes.reduce((sum, size) => sum + size, 0) / 1000 };
}

/** Turns the wheel through every part of the list; @returns the longest frames, in milliseconds. */
async function scrollThrough(context: BrowserContext) {
  const page = await context.newPage();
  await page.goto('/tokens');
  await untilTokensAreShown(page);
  await page.mouse.move(VIEWPORT.width / 2, VIEWPORT.height / 2);
  await page.evaluate(WATCH_FRAMES);
  const next = page.getByRole('button', { name: 'Next' });
  const longest = { scrollMs: 0, nextMs: 0 };
  for (;;) {
    await takeLongestFrame(page);
    await turnWheelToTheEnd(page);
    longest.scrollMs = Math.max(longest.scrollMs, await takeLongestFrame(page));
    if (await next.isDisabled()) break;
    const [first] = await page.getByRole('row').nth(1).getByRole('link').allTextContents();
    await next.click();
    await page.getByRole('link', { name: first ?? '', exact: true }).waitFor({ state: 'detached' });
    longest.nextMs = Math.max(longest.nextMs, await takeLongestFrame(page));
  }
  await page.close();
  return longest;
}

/** The longest frame since it was last asked for. */
function takeLongestFrame(page: Page): Promise<number> {
  return page.evaluate<number>(
    'new Promise((done) => requestAnimationFrame(() => { done(longestFrame); longestFrame = 0; }))',
  );
}

async function turnWheelToTheEnd(page: Page): Promise<void> {
  const isAtEnd =
    '(({ scrollTop, clientHeight, scrollHeight }) => scrollTop + clientHeight >= scrollHeight - 1)(document.querySelector("main"))';
  while (!(await page.evaluate<boolean>(isAtEnd))) await page.mouse.wheel(0, WHEEL_PIXELS);
}

/** @returns the slowest of some uses, in milliseconds from its request to its row. */
async function uses(context: BrowserContext, url: string, secret: string): Promise<number> {
  const page = await context.newPage();
  await page.goto('/activity');
  await page.getByText('Live', { exact: true }).waitFor();
  const times = [];
  for (let number = 0; number < USES_PER_ROUND; number++) {
    const path = `/seen/${performance.now()}`;
    const startedAt = performance.now();
    const headers = { authorization: `Bearer ${secret}`, 'x-original-uri': path };
    const [answer] = await Promise.all([
      fetch(`${url}/auth/verify`, { headers }),
      page.getByText(path).waitFor(),
    ]);
    if (!answer.ok) throw new Error(`A use was answered ${answer.status}.`);
    times.push(performance.now() - startedAt);
  }
  await page.close();
  return Math.max(...times);
}
