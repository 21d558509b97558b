import { expect } from 'vitest';
import { browserTest, useConsole } from './support/console.js';

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
});
