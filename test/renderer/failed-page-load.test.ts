import { browserTest, useConsole } from './support/console.js';

const console = useConsole();

browserTest('a page that could not be loaded says so, and is loaded again', async () => {
  const { page } = await console.enter(await console.start());
  await page.route(/token-screen-.*\.js/, (route) => route.abort());
  await page.getByRole('link', { name: 'Renovate' }).click();
  await page.getByText('This page could not be loaded.').waitFor();
  await page.getByRole('link', { name: 'Sessions' }).click();
  await page.getByRole('heading', { name: 'Sessions and devices' }).waitFor();

  await page.unroute(/token-screen-.*\.js/);
  await page.goBack();
  await page.getByRole('button', { name: 'Load it again' }).click();
  await page.getByRole('heading', { name: 'Renovate' }).waitFor();
});
