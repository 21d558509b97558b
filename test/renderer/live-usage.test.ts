import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { ACCOUNT, browserTest, useConsole } from './support/console.js';
import type { FakeServer } from './support/fake-server.js';

const console = useConsole();

browserTest('a use appears in the activity as it happens, under its token’s name', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/activity');
  await page.getByText('Live', { exact: true }).waitFor();
  server.use({ accessTokenId: 't-5', resource: 'team/arrives:1' });
  const row = page.getByRole('row').filter({ hasText: 'pull team/arrives:1' });
  await row.getByText('Nightly mirror').waitFor();
  await row.getByText('Allowed').waitFor();
});

browserTest('what is filtered out does not appear', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/activity?outcome=REFUSED&token=t-5');
  await page.getByText('Live', { exact: true }).waitFor();
  server.use({ accessTokenId: 't-5', resource: 'team/allowed:1' });
  server.use({ accessTokenId: 't-3', outcome: 'REFUSED', resource: 'team/foreign:1' });
  server.use({ accessTokenId: 't-5', outcome: 'REFUSED', resource: 'team/refused:1' });
  await page.getByText('pull team/refused:1').waitFor();
  expect(await page.getByText('team/allowed:1').count()).toBe(0);
  expect(await page.getByText('team/foreign:1').count()).toBe(0);
});

browserTest('a token’s own page counts a use and lists it', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/tokens/t-3');
  await page.getByText('48,213 times').waitFor();
  server.use({ accessTokenId: 't-3', resource: 'team/own:1' });
  await page.getByText('pull team/own:1').waitFor();
  await page.getByText('48,214 times').waitFor();
  await page.getByText('just now').first().waitFor();
  // A refused use is a use too: the server counts it so.
  server.use({ accessTokenId: 't-3', outcome: 'REFUSED', ipAddress: '198.51.100.250' });
  await page.getByText('48,215 times').waitFor();
  await page.getByText('from 198.51.100.250').waitFor();
});

browserTest(
  'refusals that were only counted stand below the one that is listed, and count',
  async () => {
    const server = await console.start();
    const { page } = await console.enter(server, '/tokens/t-3');
    await page.getByText('48,213 times').waitFor();
    server.use({
      accessTokenId: 't-3',
      outcome: 'REFUSED',
      reason: 'This token lacks WRITE.',
      repeatCount: 1234,
      repeatedUntil: new Date(2026, 10, 22, 12, 4).toISOString(),
    });
    const row = page.getByRole('row').filter({ hasText: 'and 1,234 more like it until 12:04' });
    await row.getByText('This token lacks WRITE.').waitFor();
    await page.getByText('49,448 times').waitFor();
    expect(await page.getByText('more like it').count()).toBe(1);
  },
);

browserTest('a token that is removed meanwhile becomes its tombstone at once', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/tokens/t-5');
  await page.getByText('Nightly mirror').waitFor();
  await page.getByText('uses allowed').waitFor();
  const token = server.data.tokens.find(({ id }) => id === 't-5');
  if (token)
    server.remove(token, 'REPORTED_LEAKED', 'Its secret was found in a public repository.');
  await page.getByText('Its secret was found in a public repository.').waitFor();
  expect(await page.getByRole('link', { name: 'Rotate' }).count()).toBe(0);
});

browserTest('a thousand uses at once leave the page usable and bounded', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/activity');
  await page.getByText('Live', { exact: true }).waitFor();
  const now = Date.now();
  for (let number = 0; number < 1000; number++) {
    server.use({ accessTokenId: 't-3', resource: `team/many:${number}` }, now);
  }
  await page.getByText('pull team/many:999').waitFor();
  expect(await page.getByRole('row').count()).toBeLessThanOrEqual(501);
  // What had to go to keep it bounded comes first of what is older.
  await page.getByRole('button', { name: 'Show older uses' }).click();
  await page.getByText('pull team/many:499').waitFor();
});

browserTest(
  'a line that comes back leaves the older uses that were shown, and the way on',
  async () => {
    const server = await console.start();
    const { page } = await console.enter(server, '/activity');
    await showOlder(page, 100);
    await reconnect(server, page);
    await showOlder(page, 130);
    expect(await page.getByRole('button', { name: 'Show older uses' }).count()).toBe(0);
  },
);

browserTest('no use is missing between those before and after a line was down', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/activity');
  await showOlder(page, 100);
  await reconnect(server, page, 60);
  await page.getByText('pull team/missed:59').waitFor();
  await showOlder(page, 100);
  await page.getByText('pull team/missed:0').waitFor();
  await showOlder(page, 150);
  await showOlder(page, 190);
});

browserTest('uses still arrive in every tab after one has renewed the session', async () => {
  const server = await console.start();
  server.sessionLifeMs = 30 * 60_000;
  const { page } = await console.enter(server, '/activity');
  const session = server.data.sessions.at(-1);
  const otherTab = await page.context().newPage();
  await otherTab.goto('/activity');
  await otherTab.getByText('Live', { exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Stay signed in' }).click();
  const dialog = page.getByRole('dialog', { name: 'Stay signed in' });
  await dialog.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await dialog.getByRole('button', { name: 'Stay signed in' }).click();
  await expect.poll(() => session?.endedAt).not.toBeNull();
  await untilUseArrives(server, page);
  await untilUseArrives(server, otherTab);
});

browserTest('uses arrive after the server refused to tell of them for a while', async () => {
  const server = await console.start();
  server.failures.set('usageEventRecorded', { code: 'UNAVAILABLE' });
  const { page } = await console.enter(server, '/activity');
  await expect.poll(() => server.operations).toContain('usageEventRecorded');
  server.failures.clear();
  await untilUseArrives(server, page);
});

/** Shows what is older, which makes it `count` uses. */
async function showOlder(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: 'Show older uses' }).click();
  await expect.poll(() => page.getByRole('row').count()).toBe(1 + count);
}

/** Breaks the line, has uses happen that nobody is told of, and waits until the page has asked for what it missed. */
async function reconnect(server: FakeServer, page: Page, missedCount = 0): Promise<void> {
  const session = server.data.sessions.at(-1);
  if (!session) throw new Error('Nobody is signed in.');
  await page.getByText('Live', { exact: true }).waitFor();
  const asked = () => server.operations.filter((name) => name === 'Usage').length;
  const before = asked();
  server.refusesSockets = true;
  server.closeSockets(session);
  await page.getByText('Not live', { exact: false }).waitFor();
  for (let number = 0; number < missedCount; number++) {
    server.use({ accessTokenId: 't-3', resource: `team/missed:${number}` });
  }
  server.refusesSockets = false;
  await expect.poll(asked, { timeout: 15_000 }).toBeGreaterThan(before);
  await page.getByText('Live', { exact: true }).waitFor();
}

/** Tells of uses that no list has, until one is on the page: what lists have may have been asked for. */
async function untilUseArrives(server: FakeServer, page: Page): Promise<void> {
  const telling = setInterval(() => {
    server.use({ accessTokenId: 't-5', resource: 'team/told:1' });
    server.data.uses.shift();
  }, 50);
  const arrived = page.getByText('pull team/told:1').first().waitFor();
  await arrived.finally(() => clearInterval(telling));
}
