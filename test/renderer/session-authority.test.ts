import { expect } from 'vitest';
import { ACCOUNT, browserTest, useConsole } from './support/console.js';
import type { FakeSession } from './support/fake-data.js';
import type { FakeServer } from './support/fake-server.js';

const console = useConsole();
/** In the page: what waits for a quarter of a second to a minute, as the next try does, waits for an hour. */
const LONG_WAITS = `
  const { setTimeout: wait } = window;
  window.setTimeout = (work, ms, ...rest) => wait(work, ms >= 250 && ms <= 60000 ? 3600000 : ms, ...rest);
`;
const ownSession = (server: FakeServer) => server.data.sessions.at(-1) as FakeSession;

browserTest('a session that is ended elsewhere ends here, and says so', async () => {
  const server = await console.start();
  const { page } = await console.enter(server);
  await page.getByText('Nightly mirror').waitFor();
  await expect.poll(() => server.operations).toContain('sessionEnded');
  server.endSession(ownSession(server));
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByText('This session was ended from another place.').waitFor();
  expect(await page.getByText('Nightly mirror').count()).toBe(0);
});

browserTest('an answer that the session is over signs out', async () => {
  const server = await console.start();
  const { page } = await console.enter(server);
  ownSession(server).endedAt = new Date().toISOString();
  const over = page.getByText('Your session has ended.').waitFor();
  // A question that was under way may be answered first, and take the link away.
  page
    .getByRole('link', { name: 'Sessions' })
    .click()
    .catch(() => undefined);
  await over;
});

browserTest('a server that goes away signs nobody out, and its return mends the page', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/activity');
  await page.getByText('Live', { exact: true }).waitFor();
  const port = Number(new URL(server.url).port);
  await server.close();
  await page.getByText('There is no connection to the server. You stay signed in.').waitFor();
  await page.getByText('Not live').waitFor();

  server.use({ accessTokenId: 't-3', resource: 'team/meanwhile:1' });
  // The page comes back without being asked to.
  await server.listen(port);
  await page.getByText('Live', { exact: true }).waitFor();
  // What happened while the line was lost is asked for.
  await page.getByText('pull team/meanwhile:1').waitFor();
  expect(await page.getByText('There is no connection').count()).toBe(0);
});

browserTest('“Try now” connects at once, however long the wait for the next try is', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/activity', { script: LONG_WAITS });
  await page.getByText('Live', { exact: true }).waitFor();
  const port = Number(new URL(server.url).port);
  await server.close();
  await page.getByText('There is no connection to the server. You stay signed in.').waitFor();
  await server.listen(port);
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
});

browserTest('a socket that is refused while the session stands is not called live', async () => {
  const server = await console.start();
  const { page } = await console.enter(server, '/activity');
  await page.getByText('Live', { exact: true }).waitFor();
  server.refusesSockets = true;
  server.closeSockets(ownSession(server));
  await page.getByText('Not live').waitFor();
  await page.getByText('There is no connection to the server. You stay signed in.').waitFor();
  server.refusesSockets = false;
  await page.getByText('Live', { exact: true }).waitFor();
});

browserTest(
  'before its end the session asks for the password in place, and starts anew',
  async () => {
    const server = await console.start();
    const { page } = await console.enter(server, '/tokens?search=mirror');
    const session = ownSession(server);
    Object.assign(session, {
      createdAt: new Date(0).toISOString(),
      expiresAt: new Date(Date.now() + 30 * 60_000).toISOString(),
    });
    await page.reload();
    await page.getByText(/Session ends in (30|29) minutes/).waitFor();
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stay signed in' });
    await dialog.getByLabel('Password', { exact: true }).fill('wrong');
    await dialog.getByRole('button', { name: 'Stay signed in' }).click();
    await dialog.getByText('The session was not renewed.').waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
    await dialog.getByRole('button', { name: 'Stay signed in' }).click();
    await page.getByText(/Session ends in (30|29) days/).waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).toContain('search=mirror');
    await expect.poll(() => session.endedAt).not.toBeNull();
  },
);
