import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { browserTest, useConsole } from './support/console.js';
import { secretOf } from './support/fake-data.js';
import { useWindowPage } from './support/window-page.js';

const console = useConsole();
const openWindow = useWindowPage(console);
const readClipboard = (page: Page) => page.evaluate('navigator.clipboard.readText()');

async function makeToken(page: Page): Promise<string> {
  await page.getByLabel('Description').fill('Build server');
  await page.getByRole('button', { name: 'Generate' }).click();
  return (await page.getByTestId('secret').textContent()) ?? '';
}

browserTest(
  'a new token’s secret stands on the page whole, and in nothing that stays',
  async () => {
    const { page, requests } = await console.enter(await console.start(), '/tokens/new');
    const secret = await makeToken(page);
    expect(secret).toMatch(/^lkp_[0-9A-Za-z]{36}$/);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'It is saved' }).click();
    await page.getByRole('heading', { name: 'Build server' }).waitFor();
    expect(await page.content()).not.toContain(secret);
    expect(
      await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })'),
    ).not.toContain(secret);
    expect(requests.filter((url) => url.includes(secret))).toEqual([]);
  },
);

browserTest('leaving asks once whether it was saved, by whichever way', async () => {
  const { page } = await console.enter(await console.start(), '/tokens/new');
  await makeToken(page);
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByRole('button', { name: 'Back to the secret' }).click();
  await page.getByTestId('secret').waitFor();
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByRole('button', { name: 'It is saved' }).click();
  await page.getByRole('heading', { name: 'Activity' }).waitFor();
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await page.getByRole('heading', { name: 'Account' }).waitFor();
});

browserTest('the browser’s Back asks too, and goes there once it was answered', async () => {
  const { page } = await console.enter(await console.start(), '/activity');
  await page.getByRole('link', { name: 'Tokens' }).click();
  await page.getByRole('link', { name: 'Create token' }).click();
  await makeToken(page);
  await page.goBack();
  await page.getByRole('button', { name: 'Back to the secret' }).click();
  await page.getByTestId('secret').waitFor();
  expect(page.url()).toContain('/tokens/new');
  await page.goBack();
  await page.getByRole('button', { name: 'It is saved' }).click();
  await page.getByText('Nightly mirror').waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Activity' }).waitFor();
});

browserTest('a notice that leads elsewhere asks before the secret is gone', async () => {
  const { page } = await openWindow('/tokens/new');
  await page.evaluate('window.main.tell(window.main.signedIn({}))');
  await page.getByLabel('Description').waitFor();
  await page.evaluate(
    `window.main.answers.execute = { ok: true, errors: [], data: { createAccessToken: { accessToken: { __typename: 'AccessToken', id: 't-9', description: 'Build server' }, secret: '${secretOf(9)}' } } }`,
  );
  await makeToken(page);
  await page.evaluate(
    `window.main.raise('noticeRaised', { id: 'n-1', kind: 'TOKEN_USED_FROM_NEW_NETWORK', title: 'Used from a new network', body: 'CI was used.', route: '/sessions', at: '', shownBySystem: false })`,
  );
  await page.getByRole('link', { name: 'Show it' }).click();
  await page.getByRole('button', { name: 'Back to the secret' }).click();
  expect(await page.getByTestId('secret').textContent()).toBe(secretOf(9));
});

browserTest('the clipboard forgets a copied secret after a minute, and nothing else', async () => {
  const { page } = await console.enter(await console.start(), '/tokens/new');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.clock.install();
  const secret = await makeToken(page);
  await page.getByRole('button', { name: 'Copy the secret' }).click();
  await page.getByText('The clipboard is cleared in 60 seconds.').waitFor();
  expect(await readClipboard(page)).toBe(secret);
  await page.clock.runFor(59_000);
  expect(await readClipboard(page)).toBe(secret);
  await page.clock.runFor(2_000);
  await expect.poll(() => readClipboard(page)).toBe('');

  await page.getByRole('button', { name: 'Copied' }).click();
  await page.evaluate('navigator.clipboard.writeText("something else")');
  await page.clock.runFor(61_000);
  await expect.poll(() => readClipboard(page)).toBe('something else');
});

browserTest('a rotation shows the new secret', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/tokens/t-3/rotate');
  await page.getByLabel('In a day').check();
  await page.getByRole('button', { name: 'Generate' }).click();
  expect(await page.getByTestId('secret').textContent()).toBe(secretOf(4711));
});

browserTest('a token expires when it was told to', async () => {
  const server = await console.start();
  server.tokenMaxLifetimeDays = 60;
  const { page } = await console.enter(server, '/tokens/new');
  await page.getByLabel('In 60 days').check();
  // The server allows no longer life, so none is offered.
  expect(await page.getByLabel('In 90 days').count()).toBe(0);
  expect(await page.getByLabel('Never').count()).toBe(0);
  await page.getByLabel('Write').check();
  await makeToken(page);
  const made = server.data.tokens[0];
  expect(made?.scopes).toEqual(['READ', 'WRITE']);
  const days = (Date.parse(made?.expiresAt ?? '') - Date.parse(made?.createdAt ?? '')) / 86_400_000;
  expect(Math.round(days)).toBe(60);
});

browserTest('a token made for 90 days is said to expire in 90 days', async () => {
  const { page } = await console.enter(await console.start(), '/tokens/new');
  await page.getByLabel('In 90 days').check();
  await makeToken(page);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'It is saved' }).click();
  await page.getByText('in 90 days').waitFor();
});

browserTest('the commands below a secret are for this server and its registry', async () => {
  const server = await console.start();
  server.registryHost = 'registry.acme.example';
  const { page } = await console.enter(server, '/tokens/new');
  await makeToken(page);
  await page.getByText('docker login registry.acme.example --username mara').waitFor();
  expect(await page.getByText('Replace registry.example.com').count()).toBe(0);
  await page.getByRole('tab', { name: 'curl' }).click();
  await page.getByText(`${new URL(page.url()).origin}/api/whoami-v2`).waitFor();
});

browserTest(
  'without a registry that can be named the docker command says what to replace',
  async () => {
    const server = await console.start();
    // What a server says is pasted into a shell.
    server.registryHost = 'registry.acme.example; rm -r .';
    const { page } = await console.enter(server, '/tokens/new');
    await makeToken(page);
    await page.getByText('docker login registry.example.com --username mara').waitFor();
    await page.getByText('Replace registry.example.com with your registry’s name.').waitFor();
  },
);
