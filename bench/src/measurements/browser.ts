import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { type Browser, chromium, type Page } from 'playwright-core';
import { moveToLoadCore } from '../harness/cores.js';
import type { Section } from '../report.js';

const PLACES = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The Chromium of this machine; undefined where there is none. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = PLACES.find((path) => path !== '' && existsSync(path));
  if (executablePath === undefined) return undefined;
  return onAllCores(() =>
    chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] }),
  );
}

/** Starts what is many processes itself, and has every core as on anybody's machine; this process goes back to its own. */
export async function onAllCores<Started>(start: () => Promise<Started>): Promise<Started> {
  if (availableParallelism() === cpus().length) return start();
  spawnSync('taskset', ['-a', '-c', '-p', `0-${cpus().length - 1}`, String(process.pid)]);
  try {
    return await start();
  } finally {
    moveToLoadCore();
  }
}

/** Waits for the tokens' rows; @returns the milliseconds from the start of the page's loading. */
export async function untilTokensAreShown(page: Page): Promise<number> {
  await page.getByRole('row').nth(1).waitFor();
  return page.evaluate<number>('performance.now()');
}

/** What a measurement says where nothing of it can be run. */
export function notMeasured(title: string, reason: string): Section {
  return { title, method: [reason], columns: ['figure'], rows: [], targets: [] };
}
