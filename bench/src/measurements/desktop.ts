import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { runnerImport } from 'vite';
import { startLatchkey } from '../harness/measured-server.js';
import { PASSWORD, type Seed } from '../harness/seed.js';
import { median } from '../harness/statistics.js';
import { atMost, type Section } from '../report.js';
import { notMeasured, onAllCores, untilTokensAreShown } from './browser.js';
import { giveTokens, MANY_TOKENS } from './many-tokens.js';
import type { Scale } from './scale.js';

/** The part of the tests' support that starts the app. */
interface AppSupport {
  readonly surroundings: () => string | undefined;
  readonly DesktopApp: { launch(options?: { readonly userData: string }): Promise<App> };
}

interface App extends AsyncDisposable {
  readonly window: Page;
  readonly userData: string;
  close(): Promise<void>;
}

const SUPPORT = fileURLToPath(new URL('../../../test/support/desktop-app.ts', import.meta.url));

/** How soon the app's window, opened by somebody who is signed in, shows the tokens. */
export async function measureDesktop(seed: Seed, scale: Scale): Promise<Section> {
  const { module } = await runnerImport<AppSupport>(SUPPORT, { logLevel: 'error' });
  const runsIn = module.surroundings();
  if (runsIn === undefined) {
    const reason = 'Not measured: neither Electron’s binary nor Chromium with Xvfb is here.';
    return notMeasured('The desktop app', reason);
  }
  const owner = giveTokens(seed);
  await using server = await startLatchkey(seed.databasePath);
  await using first = await onAllCores(() => module.DesktopApp.launch());
  await signIn(first.window, server.url, owner.username);
  await first.close();
  const times = [];
  for (let round = 0; round < scale.rounds; round++) {
    const app = await onAllCores(() => module.DesktopApp.launch({ userData: first.userData }));
    times.push(await untilTokensAreShown(app.window));
    await app.close();
  }
  const windowMs = median(times);
  return {
    title: `The desktop app (${runsIn})`,
    method: [
      `An account of ${MANY_TOKENS} tokens that is signed in; the app is started ${scale.rounds} times, and the time counts from its window's`,
      'first navigation; median.',
    ],
    columns: ['figure', 'median'],
    rows: [['window to the list of tokens, ms', windowMs]],
    targets: [atMost('window to the list of tokens in ms', windowMs, 2000)],
  };
}

async function signIn(window: Page, serverAddress: string, username: string): Promise<void> {
  await window.getByLabel('Server address').fill(serverAddress);
  await window.getByLabel('Username').fill(username);
  await window.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await window.getByRole('button', { name: 'Sign in' }).click();
  await untilTokensAreShown(window);
}
