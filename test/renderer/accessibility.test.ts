import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { ACCOUNT as LIVE_ACCOUNT, LiveServer } from '../support/live-server.js';
import { browserTest, signIn, useConsole } from './support/console.js';
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
      await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
    },
  },
  {
    name: 'no token that matches',
    path: '/tokens?search=nowhere',
    reach: (page) => page.getByText('No token matches.').waitFor(),
  },
  { name: 'a new token', path: '/tokens/new', reach: heading('Create token') },
  {
    name: 'the secret',
    path: '/tokens/new',
    async reach(page) {
      await page.getByLabel('Description').fill('Build server');
      await page.getByRole('button', { name: 'Generate' }).click();
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

/** A phone's, the app's smallest window, a laptop's, a large one. */
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 900, height: 600 },
  { width: 390, height: 800 },
];
/** At these the page is laid out in its two ways. */
const AXE_WIDTHS = [1280, 390];

describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
  browserTest('every screen is accessible and fits every width', { timeout: 240_000 }, async () => {
    const { page, complaints } = await console.enter(await console.start(), '/tokens', { scheme });
    const found: Record<string, unknown> = {};
    for (const { name, path, reach } of SCREENS) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(path);
      await reach(page);
      Object.assign(found, await faultsOf(page, name));
    }
    expect(found).toEqual({});
    expect(complaints).toEqual([]);
  });

  browserTest(
    'every screen for administrators is accessible and fits every width',
    { timeout: 240_000 },
    async () => {
      await using server = await LiveServer.start({ LATCHKEY_REGISTRY_SERVICE: 'registry' });
      const { createResourceServer } = await server.ask<{
        createResourceServer: { resourceServer: { id: string } };
      }>('mutation { createResourceServer(name: "wiki") { resourceServer { id } } }');
      const { registryKeys } = await server.ask<{ registryKeys: { kid: string }[] }>(
        '{ registryKeys { kid } }',
      );
      const { page, complaints } = await console.open(server, '/admin', { scheme });
      await signIn(page, LIVE_ACCOUNT.password, LIVE_ACCOUNT.username);
      const address = `/admin/resource-servers/${createResourceServer.resourceServer.id}`;
      const pages = {
        '/admin': 'Keys and servers',
        '/admin/resource-servers/new': 'Create resource server',
        [address]: 'wiki',
        [`${address}/rotate`]: 'Rotate wiki',
        [`/admin/registry-keys/${registryKeys[0]?.kid}`]: 'Registry signing key',
        '/admin/registry-keys/rotate': 'Rotate the registry signing key',
        '/account/namespaces': 'Namespaces',
      };
      const found: Record<string, unknown> = {};
      for (const [path, name] of Object.entries(pages)) {
        await page.setViewportSize({ width: 1280, height: 800 });
        // The first page is where the sign-in leads.
        if (new URL(page.url()).pathname !== path) await page.goto(path);
        await heading(name)(page);
        Object.assign(found, await faultsOf(page, name));
      }
      expect(found).toEqual({});
      expect(complaints).toEqual([]);
    },
  );

  browserTest('the sign-in with an error', async () => {
    const { page, complaints } = await console.open(await console.start(), '/', { scheme });
    await signIn(page, 'wrong');
    await page.getByText('You are not signed in.').waitFor();
    expect(await faultsOf(page, 'sign-in')).toEqual({});
    expect(complaints).toEqual([]);
  });

  browserTest('the set-up of a new server', async () => {
    const server: FakeServer = await console.start();
    server.account = undefined;
    const { page, complaints } = await console.open(server, '/', { scheme });
    await page.getByRole('heading', { name: 'Set up this server' }).waitFor();
    expect(await faultsOf(page, 'set-up')).toEqual({});
    expect(complaints).toEqual([]);
  });
});

/** What axe finds, and what reaches beyond the page's edge, at each size; nothing where all is well. */
async function faultsOf(page: Page, name: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const faults = {
      ...(AXE_WIDTHS.includes(size.width) && { axe: await violationsOf(page) }),
      overflow: await overflowOf(page),
    };
    if (Object.values(faults).some((list) => list.length > 0)) {
      found[`${name} at ${size.width}`] = faults;
    }
  }
  return found;
}

/** An open menu follows the page's new size some frames later, so what reaches beyond the edge has to stay there. */
async function overflowOf(page: Page): Promise<unknown[]> {
  let overflow: unknown[] = [];
  for (let look = 0; look < LOOKS; look++) {
    overflow = await page.evaluate(OVERFLOW);
    if (overflow.length === 0) break;
  }
  return overflow;
}

async function violationsOf(page: Page): Promise<unknown[]> {
  // The policy refuses a script element; through the debugger it is no part of the page.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 160)) })))',
  );
}

/** Each takes two frames. */
const LOOKS = 60;

/** Once the page is laid out for its size: what is drawn beyond its right edge, or has to be scrolled sideways. */
const OVERFLOW = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))).then(() =>
  [...document.querySelectorAll('#root *, [role=dialog] *')].filter((element) => {
    const { overflowX, clipPath } = getComputedStyle(element);
    const isUnseen = clipPath !== 'none' || element.closest('svg, [class*=unseen], [aria-hidden=true]');
    const scrolls = ['auto', 'scroll'].includes(overflowX) && element.scrollWidth > element.clientWidth + 1;
    const { right, width } = element.getBoundingClientRect();
    return !isUnseen && (scrolls || (width > 1 && right > innerWidth + 1));
  }).map((element) => element.outerHTML.slice(0, 160)).slice(0, 3))`;
