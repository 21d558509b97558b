import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { browserTest, type Opened, useConsole } from './support/console.js';
import type { FakeServer } from './support/fake-server.js';

const console = useConsole();

interface Screen {
  readonly name: string;
  readonly path: string;
  /** Brings the page to where it is looked at. */
  readonly reach: (page: Page) => Promise<unknown>;
}

const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole('heading', { name, level: 1 }).waitFor();

const SCREENS: readonly Screen[] = [
  { name: 'tokens', path: '/tokens', reach: (page) => page.getByText('Nightly mirror').waitFor() },
  {
    name: 'tokens, some selected, before a delete',
    path: '/tokens',
    async reach(page) {
      await page.getByLabel('Select CI: pull base images').check();
      await page.getByLabel('Select Old laptop').check();
      await page.getByRole('button', { name: 'Delete 2 tokens' }).click();
      await page.getByText('1 of 2 tokens').waitFor();
    },
  },
  {
    name: 'a row’s menu',
    path: '/tokens',
    async reach(page) {
      await page.getByRole('button', { name: 'Actions for Renovate' }).click();
      await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
    },
  },
  {
    name: 'no token that matches',
    path: '/tokens?search=nowhere',
    reach: (page) => page.getByText('No token matches.').waitFor(),
  },
  { name: 'a new token', path: '/tokens/new', reach: heading('New token') },
  {
    name: 'the secret',
    path: '/tokens/new',
    async reach(page) {
      await page.getByLabel('Description').fill('Build server');
      await page.getByRole('button', { name: 'Make the token' }).click();
      await page.getByTestId('secret').waitFor();
    },
  },
  {
    name: 'one token',
    path: '/tokens/t-3',
    reach: (page) => page.getByText('uses allowed').waitFor(),
  },
  {
    name: 'a tombstone',
    path: '/tokens/t-11',
    reach: (page) => page.getByText('was removed').first().waitFor(),
  },
  { name: 'rotation', path: '/tokens/t-3/rotate', reach: heading('Rotate CI: pull base images') },
  {
    name: 'sessions',
    path: '/sessions',
    reach: (page) => page.getByText('build-box').first().waitFor(),
  },
  {
    name: 'activity',
    path: '/activity',
    reach: (page) => page.getByText('pull team/base').first().waitFor(),
  },
  {
    name: 'account',
    path: '/account',
    reach: (page) => page.getByText('mara@example.com').waitFor(),
  },
  { name: 'no such page', path: '/nowhere', reach: heading('Not found') },
];

describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
  browserTest.each(SCREENS)('$name', async ({ path, reach }) => {
    const opened = await console.enter(await console.start(), path, { scheme });
    await reach(opened.page);
    await expectGood(opened);
  });

  browserTest('the sign-in with an error', async () => {
    const opened = await console.open(await console.start(), '/', { scheme });
    await opened.page.getByLabel('Username').fill('mara');
    await opened.page.getByLabel('Password', { exact: true }).fill('wrong');
    await opened.page.getByRole('button', { name: 'Sign in' }).click();
    await opened.page.getByText('You are not signed in.').waitFor();
    await expectGood(opened);
  });

  browserTest('the set-up of a new server', async () => {
    const server: FakeServer = await console.start();
    server.account = undefined;
    const opened = await console.open(server, '/', { scheme });
    await opened.page.getByRole('heading', { name: 'Set up this server' }).waitFor();
    await expectGood(opened);
  });
});

browserTest.each([900, 1440, 1920])(
  'nothing has to be scrolled sideways at %i pixels',
  async (width) => {
    const { page } = await console.enter(await console.start(), '/tokens', { width, height: 600 });
    for (const screen of SCREENS.filter(({ path }) => !path.includes('?'))) {
      await page.goto(screen.path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const overflow = await page.evaluate(
        '[...document.querySelectorAll("main, main div")].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible" && getComputedStyle(e).overflowX !== "hidden").map((e) => e.className)',
      );
      expect({ [screen.name]: overflow }).toEqual({ [screen.name]: [] });
    }
  },
);

async function expectGood({ page, complaints }: Opened): Promise<void> {
  // The policy refuses a script element; through the debugger it is no part of the page.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 160)) })))',
  );
  expect(violations).toEqual([]);
  expect(complaints).toEqual([]);
}
