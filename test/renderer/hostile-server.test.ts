import { expect } from 'vitest';
import { browserTest, useConsole } from './support/console.js';

const console = useConsole();
const MARKUP = '<img src=x onerror="window.struck = true"><script>window.struck = true</script>';

browserTest('markup in names is text', async () => {
  const server = await console.start();
  const token = server.data.tokens[2];
  if (token) token.description = MARKUP;
  const { page } = await console.enter(server);
  await page.getByText(MARKUP).waitFor();
  await page.getByText(MARKUP).click();
  await page.getByRole('heading', { name: MARKUP }).waitFor();
  expect(await page.evaluate('window.struck')).toBeUndefined();
});

browserTest.each([
  [
    'an object for a text',
    {
      accessToken: {
        __typename: 'AccessToken',
        id: 't-3',
        description: {},
        hint: [],
        scopes: 'READ',
        kind: 'PERSONAL',
        status: 'ACTIVE',
        createdAt: 7,
        usageByDay: 3,
      },
    },
  ],
  ['nothing at all', null],
  ['a list for the whole', []],
])('%s costs that page, not the window', async (_, lie) => {
  const server = await console.start();
  server.lies.set('Token', lie);
  const { page } = await console.enter(server, '/tokens/t-3');
  await page
    .getByText(/cannot be shown|could not be loaded|There is no such token/)
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'Sessions' }).click();
  await page.getByText('Desktop app 0.1.0 on macOS').waitFor();
});

browserTest('an unknown error code is told in the server’s words, cut to a length', async () => {
  const server = await console.start();
  server.failures.set('Tokens', { code: 'SURPRISE', message: 'x'.repeat(5000) });
  // A line that comes to stand asks again by itself: not while the button is looked for.
  const { page } = await console.enter(server, '/activity');
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Tokens' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'The tokens could not be loaded.' });
  expect(((await alert.textContent()) ?? '').length).toBeLessThan(600);
  server.failures.clear();
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Nightly mirror').waitFor();
});
