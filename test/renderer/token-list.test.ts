import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { browserTest, useConsole } from './support/console.js';
import { ago, manyTokens } from './support/fake-data.js';

const console = useConsole();

browserTest('before a delete it tells who used the tokens in the last seven days', async () => {
  const server = await console.start();
  const { page } = await console.enter(server);
  await page.getByLabel('Select CI: pull base images').check();
  await page.getByLabel('Select Renovate').check();
  await page.getByRole('button', { name: 'Delete 2 tokens' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 2 tokens' });
  await dialog.getByText('docker/27.3.1 from 203.0.113.7, 31 times').waitFor();
  await dialog.getByRole('button', { name: 'Delete 2 tokens' }).click();
  await page.getByText('2 tokens were deleted.').waitFor();
  await page.getByText('Renovate').waitFor({ state: 'detached' });
  expect(
    server.data.tokens.filter(({ removalReason }) => removalReason === 'DELETED'),
  ).toHaveLength(2);
});

browserTest('a token that nobody used is said to be unused', async () => {
  const { page } = await console.enter(await console.start());
  await page.getByRole('button', { name: 'Actions for Renovate' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('Nobody used it in the last seven days.').waitFor();
});

browserTest('a token that was used after it was selected is told as used', async () => {
  const server = await console.start();
  const { page } = await console.enter(server);
  await page.getByLabel('Select Renovate').check();
  const token = server.data.tokens.find(({ description }) => description === 'Renovate');
  // The window hears nothing of it, as where its line is broken.
  Object.assign(token ?? {}, { useCount: 1, lastUsedAt: ago(0), lastUsedFrom: '203.0.113.7' });
  await page.getByRole('button', { name: 'Delete 1 token' }).click();
  await page.getByText('It was used in the last seven days.').waitFor();
  await page.getByText('docker/27.3.1 from 203.0.113.7').waitFor();
});

browserTest('of a long selection the most recently used tokens are told', async () => {
  const data = manyTokens(60);
  for (const [index, token] of data.tokens.entries()) {
    // The older a token, the more recent its last use.
    Object.assign(token, { useCount: 1, lastUsedAt: ago((60 - index) * 60_000) });
  }
  const server = await console.start(data);
  const { page } = await console.enter(server);
  await page.getByLabel('Select all tokens on this page').check();
  await page.getByRole('button', { name: 'Select all 60' }).click();
  await page.getByText('60 tokens selected').waitFor();
  // The other page's token first: where the row shows the second use, both have arrived.
  server.use({ accessTokenId: 't-1055' }, Date.now() - 1000);
  server.use({ accessTokenId: 't-1000', ipAddress: '198.51.100.9' });
  await page
    .getByRole('row', { name: /Runner 0000/ })
    .getByText('198.51.100.9')
    .waitFor();
  await page.getByRole('button', { name: 'Delete 60 tokens' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('60 of 60 tokens were used in the last seven days.').waitFor();
  const told = await dialog.locator('strong').allTextContents();
  expect(told).toHaveLength(20);
  expect(told.slice(0, 3)).toEqual(['Runner 0000', 'Runner 0055', 'Runner 0059']);
  await dialog.getByText('and 40 more tokens').waitFor();
});

browserTest('all of 300 tokens are selected and deleted in steps', async () => {
  const server = await console.start(manyTokens(300));
  const { page } = await console.enter(server);
  await page.getByLabel('Select all tokens on this page').check();
  await page.getByRole('button', { name: 'Select all 300' }).click();
  await page.getByRole('button', { name: 'Delete 300 tokens' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete 300 tokens' }).click();
  await page.getByText('300 tokens were deleted.').waitFor();
  await page.getByText('There are no tokens yet.').waitFor();
  expect(server.operations.filter((name) => name === 'DeleteTokens')).toHaveLength(12);
});

const WAYS_TO_STOP: readonly [string, (page: Page) => Promise<unknown>][] = [
  ['its button', (page) => page.getByRole('button', { name: 'Stop' }).click()],
  ['Escape', (page) => page.keyboard.press('Escape')],
  ['a click beside it', (page) => page.mouse.click(5, 5)],
  ['leaving the page', (page) => page.goBack()],
];

browserTest.each(WAYS_TO_STOP)(
  'a bulk delete is stopped by %s, and says how far it came',
  async (_, stop) => {
    const server = await console.start(manyTokens(200));
    const { page } = await console.enter(server, '/account');
    await page.getByRole('link', { name: 'Tokens' }).click();
    await page.getByLabel('Select all tokens on this page').check();
    await page.getByRole('button', { name: 'Select all 200' }).click();
    await page.getByRole('button', { name: 'Delete 200 tokens' }).click();
    server.answerDelayMs = 300;
    await page.getByRole('dialog').getByRole('button', { name: 'Delete 200 tokens' }).click();
    await page
      .getByText(/^[1-9]\d* of 200 deleted/)
      .first()
      .waitFor();
    await stop(page);
    await page.getByText(/Stopped\. \d+ of 200 tokens were deleted\./).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const deleted = server.data.tokens.filter(({ status }) => status === 'REMOVED').length;
    expect(deleted).toBeGreaterThan(0);
    expect(deleted).toBeLessThan(200);
  },
);

browserTest('a delete that fails half-way says what was done, and goes on from there', async () => {
  const server = await console.start();
  const { page } = await console.enter(server);
  await page.getByLabel('Select Renovate').check();
  await page.getByRole('button', { name: 'Delete 1 token' }).click();
  server.failures.set('DeleteTokens', { code: 'UNAVAILABLE' });
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete 1 token' }).click();
  await dialog.getByText('Nothing was deleted.').waitFor();
  server.failures.clear();
  await dialog.getByRole('button', { name: 'Delete 1 token' }).click();
  await page.getByText('1 token was deleted.').waitFor();
});

browserTest('1,000 tokens come in parts, and a search finds one of them', async () => {
  const { page } = await console.enter(await console.start(manyTokens(1000)));
  await page.getByText('1–50 of 1,000').waitFor();
  expect(await page.getByRole('row').count()).toBe(51);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('51–100 of 1,000').waitFor();
  await page.getByText('Runner 0050').waitFor();
  await page.getByLabel('Search tokens').fill('Runner 0987');
  await page.getByText('1 token', { exact: true }).waitFor();
  await page.getByText('Runner 0987').waitFor();
  expect(page.url()).toContain('search=Runner+0987');
});

browserTest(
  'a click on Next that is made twice leads to the next page and not past it',
  async () => {
    const server = await console.start(manyTokens(200));
    const { page } = await console.enter(server);
    await page.getByText('1–50 of 200').waitFor();
    server.answerDelayMs = 100;
    await page.getByRole('button', { name: 'Next' }).dblclick();
    await page.getByText('Runner 0050').waitFor();
    await page.getByText('51–100 of 200').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Runner 0100').waitFor();
    await page.getByText('101–150 of 200').waitFor();
  },
);

browserTest('the way back from a token leads to the list as it was left', async () => {
  const { page } = await console.enter(await console.start(manyTokens(200)));
  await page.getByLabel('Search tokens').fill('Runner');
  await page.waitForURL(/search=Runner/);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('link', { name: 'Runner 0050' }).click();
  await page.getByRole('heading', { name: 'Runner 0050' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Tokens' }).click();
  await page.getByText('51–100 of 200').waitFor();
  expect(await page.getByLabel('Search tokens').inputValue()).toBe('Runner');

  await page.getByRole('link', { name: 'Runner 0050' }).click();
  await page.getByRole('heading', { name: 'Runner 0050' }).waitFor();
  await page.goBack();
  await page.getByText('51–100 of 200').waitFor();
});

browserTest('the page of one filter is not taken over by another', async () => {
  const { page } = await console.enter(await console.start(manyTokens(200)));
  await page.getByLabel('Search tokens').fill('Runner');
  await page.waitForURL(/search=Runner/);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('51–100 of 200').waitFor();
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name: 'Tokens' })
    .click();
  await page.getByText('1–50 of 200').waitFor();
  await page.getByText('Runner 0000').waitFor();
});

browserTest.each(['Edit', 'Delete'])(
  'a dialog that is closed gives the keyboard back to its row’s menu: %s',
  async (item) => {
    const { page } = await console.enter(await console.start());
    const actions = page.getByRole('button', { name: 'Actions for Renovate' });
    await actions.press('Enter');
    await page.getByRole('menuitem', { name: item }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate('document.activeElement.ariaLabel'))
      .toBe('Actions for Renovate');
  },
);

browserTest('the list of removed tokens says when each was removed', async () => {
  const server = await console.start();
  const token = server.data.tokens.find(({ description }) => description === 'Renovate');
  Object.assign(token ?? {}, { status: 'REMOVED', removedAt: ago(5 * 60_000) });
  const { page } = await console.enter(server, '/tokens?status=REMOVED');
  await page.getByRole('columnheader', { name: 'Removed' }).waitFor();
  await page
    .getByRole('row', { name: /Renovate/ })
    .getByRole('cell', { name: '5 minutes ago' })
    .waitFor();
});

browserTest('filter and order are part of the address', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/tokens?status=REMOVED');
  await page.getByText('Desktop on workstation-9').waitFor();
  expect(await page.getByText('Renovate').count()).toBe(0);
  await page.goto('/tokens?order=DESCRIPTION_ASC');
  await page.getByText('Renovate').waitFor();
  const names = await page.getByRole('row').locator('td:nth-child(2) a').allTextContents();
  expect(names).toEqual(names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  expect(
    await page.getByRole('columnheader', { name: 'Description' }).getAttribute('aria-sort'),
  ).toBe('ascending');
});

browserTest(
  'a token is switched off, on and renamed from its menu, by keyboard alone',
  async () => {
    const server = await console.start();
    const token = server.data.tokens.find(({ description }) => description === 'Renovate');
    const { page } = await console.enter(server);
    await page.getByRole('button', { name: 'Actions for Renovate' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Deactivate');
    await page.keyboard.press('Enter');
    await page
      .getByRole('row', { name: /Renovate/ })
      .getByText('Inactive')
      .waitFor();
    expect(token?.status).toBe('INACTIVE');

    await page.getByRole('button', { name: 'Actions for Renovate' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByLabel('Description', { exact: true }).fill('Renovate bot');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Renovate bot' }).waitFor();
    expect(token?.description).toBe('Renovate bot');
  },
);

browserTest('several tokens are deactivated and activated at once, and stay selected', async () => {
  const server = await console.start();
  const statusOf = (name: string) =>
    server.data.tokens.find(({ description }) => description === name)?.status;
  const { page } = await console.enter(server);
  await page.getByLabel('Select Renovate').check();
  await page.getByLabel('Select Nightly mirror').check();
  const bar = page.getByRole('toolbar', { name: 'Selected tokens' });
  await bar.getByRole('button', { name: 'Deactivate' }).click();
  await page
    .getByText('2 tokens are inactive. They are refused until you activate them.')
    .waitFor();
  expect([statusOf('Renovate'), statusOf('Nightly mirror')]).toEqual(['INACTIVE', 'INACTIVE']);
  await bar.getByText('2 tokens selected').waitFor();
  await bar.getByRole('button', { name: 'Activate', exact: true }).click();
  await page.getByText('2 tokens work again.').waitFor();
  expect([statusOf('Renovate'), statusOf('Nightly mirror')]).toEqual(['ACTIVE', 'ACTIVE']);
});

browserTest('a token that is removed elsewhere is selected no longer', async () => {
  const server = await console.start();
  const { page } = await console.enter(server);
  await page.getByLabel('Select Renovate').check();
  await page.getByLabel('Select Nightly mirror').check();
  await page.getByText('2 tokens selected').waitFor();
  await expect.poll(() => server.operations).toContain('accessTokenChanged');
  const token = server.data.tokens.find(({ description }) => description === 'Renovate');
  if (token) server.remove(token, 'DELETED', 'It was deleted in another tab.');
  await page.getByText('1 token selected').waitFor();
});

browserTest('tokens unused for a while are found, the longest unused first', async () => {
  const { page } = await console.enter(await console.start(), '/tokens?unused=30');
  await page.getByText('Old laptop').waitFor();
  await page.getByText('Renovate').waitFor();
  expect(await page.getByText('Nightly mirror').count()).toBe(0);
  await page.goto('/tokens');
  await page.getByText('Nightly mirror').waitFor();
  await page.getByLabel('Last used').first().click();
  await page.getByRole('option', { name: 'Unused for 30 days' }).click();
  await page.getByText('Nightly mirror').waitFor({ state: 'detached' });
  expect(page.url()).toContain('unused=30&order=LAST_USED_AT_ASC');
});

browserTest('the page of a token that is refused says why, and what can be done', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/tokens/t-8');
  await page.getByText(/This token expired .* and is refused/).waitFor();
  await page.goto('/tokens/t-6');
  await page.getByText('This token is inactive and is refused.').waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Activate' }).click();
  await page.getByText('This token is inactive and is refused.').waitFor({ state: 'detached' });
  expect(server.data.tokens.find(({ id }) => id === 't-6')?.status).toBe('ACTIVE');
});

browserTest('the addresses of other services’ lists lead to this one', async () => {
  const { page } = await console.enter(await console.start(), '/settings/access-tokens');
  await page.waitForURL(/\/tokens$/);
  await page.goto('/settings/tokens');
  await page.waitForURL(/\/tokens$/);
});
