import { expect } from 'vitest';
import { browserTest, useConsole } from './support/console.js';
import { manyTokens } from './support/fake-data.js';

const console = useConsole();
const PHONE = { width: 390, height: 800 };

browserTest('at a phone’s width a menu leads to every page and closes behind it', async () => {
  const { page } = await console.enter(await console.start(), '/tokens', PHONE);
  await page.getByText('Nightly mirror').waitFor();
  expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
  for (const name of ['Sessions', 'Activity', 'Account', 'Keys and servers', 'Tokens']) {
    await page.getByRole('button', { name: 'Menu' }).click();
    const menu = page.getByRole('dialog');
    await menu.getByText(/Session ends in/).waitFor();
    await menu.getByRole('link', { name, exact: true }).click();
    await menu.waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name }).waitFor();
  }
  // The page that is open already.
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Tokens' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

browserTest('at a phone’s width what is pressed is large enough for a thumb', async () => {
  const { page } = await console.enter(await console.start(), '/tokens', PHONE);
  await page.getByLabel('Select Renovate').check();
  await page.getByText('1 token selected').waitFor();
  const small =
    await page.evaluate(`[...document.querySelectorAll('button, #root a, input:not([type=checkbox])')]
    .filter((element) => element.checkVisibility() && !element.closest('[class*=skip], td [class*=name]') && element.getBoundingClientRect().height < 40)
    .map((element) => element.outerHTML.slice(0, 200))
    .filter((html) => !/href="\\/tokens\\/t-|#main/.test(html))`);
  expect(small).toEqual([]);
});

browserTest.each([PHONE, { width: 900, height: 600 }, { width: 1280, height: 800 }])(
  'in a long list what can be done with a selection stays in sight, at $width pixels',
  async (size) => {
    const { page } = await console.enter(await console.start(manyTokens(60)), '/tokens', size);
    await page.getByLabel('Select Runner 0000').check();
    await page.locator('#main').evaluate('(main) => main.scrollTo(0, main.scrollHeight)');
    const remove = page.getByRole('button', { name: 'Delete 1 token' });
    const box = await remove.boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(size.height / 2);
    if (size.width > 390) {
      const heading = await page.getByRole('columnheader', { name: 'Description' }).boundingBox();
      expect(heading?.y).toBeGreaterThan((box?.y ?? 0) + (box?.height ?? 0) - 1);
      expect(heading?.y).toBeLessThan(size.height / 2);
    }
    await remove.click();
    await page.getByRole('dialog').waitFor();
  },
);
