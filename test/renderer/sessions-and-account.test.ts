import { expect } from 'vitest';
import { ACCOUNT, browserTest, useConsole } from './support/console.js';

const console = useConsole();

browserTest('a session on another device is ended after a question', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/sessions');
  const row = page.getByRole('row').filter({ hasText: 'Desktop app 0.1.0 on macOS' });
  await row.getByRole('button', { name: 'End' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click();
  await row.waitFor({ state: 'detached' });
  expect(server.data.sessions.find(({ id }) => id === 's-3')?.endedAt).not.toBeNull();
});

browserTest('all other sessions are ended, this one stays', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/sessions');
  await page.getByRole('button', { name: 'End all other sessions' }).click();
  await page.getByRole('button', { name: 'End 5 sessions' }).click();
  await page.getByText('5 sessions ended.').waitFor();
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
  await page.getByText('This device').waitFor();
});

browserTest(
  'a changed password says that every other session ended; a wrong one is told at its field',
  async () => {
    const { page } = await console.enter(await console.start(), '/account');
    await page.getByLabel('Current password').fill('wrong');
    await page.getByLabel('New password').fill('correct horse battery staple');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('This is not your current password.').waitFor();
    await page.getByLabel('Current password').fill(ACCOUNT.password);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('Every other session has ended.').waitFor();
    expect(await page.getByLabel('New password').inputValue()).toBe('');
  },
);

browserTest('the appearance that was chosen stays', async () => {
  const { page } = await console.enter(await console.start(), '/account');
  await page.getByText('Dark', { exact: true }).click();
  await page.reload();
  await page.getByText('mara@example.com').waitFor();
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
});

browserTest('a second click on “Sign out” is no failure', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/account');
  await page.getByText('mara@example.com').waitFor();
  server.answerDelayMs = 200;
  await page.getByRole('button', { name: 'Sign out' }).dblclick();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  server.answerDelayMs = 0;
  expect(await page.getByText('You are still signed in.').count()).toBe(0);
});

browserTest('a sign-out from the list that fails is told in its own words', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/sessions');
  server.failures.set('SignOut', { code: 'UNAVAILABLE' });
  await page.getByRole('row').getByRole('button', { name: 'Sign out' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await dialog.getByText('The server cannot answer at the moment.').waitFor();
});
