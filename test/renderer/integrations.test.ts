import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { browserTest, type Opened, useConsole } from './support/console.js';
import { lastCall, useWindowPage } from './support/window-page.js';

const console = useConsole();
const open = useWindowPage(console);

const PICTURES = process.env.LATCHKEY_PICTURES;
const SIGNED_IN = `window.main.tell({ ...window.main.signedIn({}), serverAddress: 'https://tokens.example.com' })`;

/** The page, after `prepare` has said what main would answer. */
async function openScreen(prepare = '', look = {}): Promise<Opened> {
  const opened = await open('/integrations', prepare, look);
  await opened.page.evaluate(SIGNED_IN);
  await opened.page.getByRole('heading', { name: 'Integrations' }).waitFor();
  return opened;
}

const part = (page: Page, client: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: client, level: 2 }) });

async function showChange(page: Page): Promise<void> {
  await part(page, 'docker').getByLabel('Registries').fill('registry.example.com');
  await part(page, 'docker').getByRole('button', { name: 'Show the change' }).click();
  await page.getByRole('button', { name: 'Change config.json' }).waitFor();
}

browserTest('nothing is changed before its change was shown and agreed to', async () => {
  const { page } = await openScreen();
  await showChange(page);
  expect(await lastCall(page, 'previewIntegration')).toEqual([
    'previewIntegration',
    { kind: 'DOCKER', hosts: ['registry.example.com'] },
  ]);
  expect(await page.getByLabel('The change to config.json').textContent()).toContain(
    '"registry.example.com": "latchkey"',
  );
  expect(await lastCall(page, 'installIntegration')).toBeUndefined();
  await page.getByRole('button', { name: 'Change config.json' }).click();
  await page.getByText('docker now asks Latchkey.').waitFor();
  expect(await lastCall(page, 'installIntegration')).toEqual([
    'installIntegration',
    { kind: 'DOCKER', hosts: ['registry.example.com'], basis: 'basis-1' },
  ]);
  await page.getByText('docker pull registry.example.com/mara/app:latest').waitFor();
});

browserTest('turning off shows the undo first, and says what it restored', async () => {
  const { page } = await openScreen(
    `Object.assign(window.main.answers.previewIntegration.value, { hosts: [], configFile: '/home/mara/.gitconfig' })`,
  );
  await part(page, 'git').getByRole('button', { name: 'Turn off' }).click();
  await page.getByRole('button', { name: 'Restore .gitconfig' }).click();
  await page.getByText('git no longer asks Latchkey.').waitFor();
  expect(await lastCall(page, 'removeIntegration')).toEqual([
    'removeIntegration',
    'GIT',
    'basis-1',
  ]);
});

browserTest('a host that is none is told at its field, a refusal above it', async () => {
  const { page } = await openScreen(
    `window.main.answers.previewIntegration = { ok: false, problem: { code: 'ADDRESS_INVALID', message: 'That is not a registry.' } }`,
  );
  await part(page, 'docker').getByLabel('Registries').fill('a/b');
  await part(page, 'docker').getByRole('button', { name: 'Show the change' }).click();
  await page.getByText('That is not a registry.').waitFor();
  await page.evaluate(
    `window.main.answers.previewIntegration = { ok: false, problem: { code: 'CONFIG_MALFORMED', message: 'It is not JSON.' } }`,
  );
  await part(page, 'docker').getByRole('button', { name: 'Show the change' }).click();
  await page.getByText('Nothing was changed.').waitFor();
});

browserTest('the browser’s rail has no such page', async () => {
  const { page } = await console.enter(await console.start(), '/integrations');
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
  expect(await page.getByRole('link', { name: 'Integrations' }).count()).toBe(0);
});

const TROUBLE = `
  window.main.answers.integrations.isAnswering = false;
  Object.assign(window.main.answers.integrations.docker, { problem: { code: 'CONFIG_MALFORMED', message: '/home/mara/.docker/config.json was left as it is. It is not JSON, and docker itself cannot read it either.' } });
  Object.assign(window.main.answers.integrations.git, { status: 'CHANGED', serverAddress: 'https://other.example.com', warnings: ['The helper runs on curl or on Node.js, and this app finds neither on its path.'] });
`;
const STATES = [
  { name: 'at rest', prepare: '', reach: async () => undefined },
  { name: 'a change', prepare: '', reach: showChange },
  { name: 'trouble', prepare: TROUBLE, reach: async () => undefined },
];

describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
  describe.each([
    [900, 600],
    [1440, 900],
  ])('at %i by %i', (width, height) => {
    browserTest.each(STATES)('$name', async ({ name, prepare, reach }) => {
      const opened = await openScreen(prepare, { scheme, width, height });
      const { page, complaints } = opened;
      await part(page, 'git').waitFor();
      await reach(page);
      await page.evaluate(axe.source);
      const violations = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 160)) })))',
      );
      expect(violations).toEqual([]);
      expect(complaints).toEqual([]);
      const path = `${PICTURES}/${name}-${scheme}-${width}.png`;
      if (PICTURES) await page.screenshot({ path });
    });
  });
});
