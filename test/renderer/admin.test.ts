import { expect } from 'vitest';
import { ACCOUNT, LiveServer } from '../support/live-server.js';
import { browserTest, signIn, useConsole } from './support/console.js';

const console = useConsole();

/** Whether the secret may introspect tokens. */
async function asks(server: LiveServer, name: string, secret: string | null): Promise<boolean> {
  const authorization = `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
  const answer = await fetch(`${server.url}/oauth2/introspect`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ token: 'anything' }),
  });
  return answer.status === 200;
}

browserTest(
  'a resource server is created, rotated and deleted, its secret shown once',
  async () => {
    await using server = await LiveServer.start();
    const { page, complaints } = await console.open(server, '/admin');
    await signIn(page, ACCOUNT.password, ACCOUNT.username);
    await page.getByText('There are no resource servers yet.').waitFor();
    await page.getByText('No registry is configured.').waitFor();

    await page.getByRole('link', { name: 'Create resource server' }).click();
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByText('Give a name.').waitFor();
    await page.getByLabel('Name').fill('My Wiki');
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByText('A name has 1 to 39').waitFor();
    await page.getByLabel('Name').fill('wiki');
    await page.getByRole('button', { name: 'Generate' }).click();
    const first = await page.getByTestId('secret').textContent();
    expect(await asks(server, 'wiki', first)).toBe(true);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'It is saved' }).click();
    await page.getByRole('heading', { name: 'wiki' }).waitFor();
    expect(await page.getByText(first ?? '').count()).toBe(0);

    await page.getByRole('link', { name: 'Rotate' }).click();
    await page.getByText('The old secret stops working at once.').waitFor();
    await page.getByRole('button', { name: 'Generate' }).click();
    const second = await page.getByTestId('secret').textContent();
    expect(await asks(server, 'wiki', first)).toBe(false);
    expect(await asks(server, 'wiki', second)).toBe(true);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'It is saved' }).click();

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete resource server' }).click();
    await page.getByText('wiki was deleted.').waitFor();
    await page.getByText('There are no resource servers yet.').waitFor();
    expect(await asks(server, 'wiki', second)).toBe(false);
    expect(complaints).toEqual([]);
  },
);

browserTest(
  'an administrator rotates the registry’s key, and finds the next one’s certificate',
  async () => {
    await using server = await LiveServer.start({ LATCHKEY_REGISTRY_SERVICE: 'registry' });
    const { page } = await console.open(server, '/admin');
    await signIn(page, ACCOUNT.password, ACCOUNT.username);
    await page.getByText('Signing', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Rotate' }).click();
    expect(await page.getByLabel('In seven days').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByRole('heading', { name: 'Registry signing key' }).waitFor();
    await page.getByText('It does not sign yet.').waitFor();
    const certificate = (await page.locator('pre').textContent())?.trim() ?? '';
    expect(certificate).toContain('BEGIN CERTIFICATE');
    const published = await (await fetch(`${server.url}/registry/certificate.pem`)).text();
    expect(published).toContain(certificate);

    // Another one in its place that would take over at the same time or later is refused, and says so.
    await page.goto('/admin/registry-keys/rotate');
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByText('The key was not rotated.').waitFor();
  },
);

browserTest('a namespace is opened to everybody after a question, and closed again', async () => {
  await using server = await LiveServer.start();
  const isPublic = async () =>
    (await server.ask<{ namespaces: { public: boolean }[] }>('{ namespaces { public } }'))
      .namespaces[0]?.public;
  const { page } = await console.open(server, '/account');
  await signIn(page, ACCOUNT.password, ACCOUNT.username);
  await page.getByRole('link', { name: 'Show namespaces' }).click();
  await page.getByRole('button', { name: 'Make public' }).click();
  expect(await isPublic()).toBe(false);
  await page.getByRole('dialog').getByRole('button', { name: 'Make public' }).click();
  await page.getByText('Public', { exact: true }).waitFor();
  expect(await isPublic()).toBe(true);
  await page.getByRole('button', { name: 'Make private' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make private' }).click();
  await page.getByText('Private', { exact: true }).waitFor();
  expect(await isPublic()).toBe(false);
});

browserTest('who is no administrator has neither the link nor the page', async () => {
  await using server = await LiveServer.start({ LATCHKEY_SIGN_UPS: 'open' });
  const input = { username: 'bob', email: 'bob@example.com', password: 'correct horse battery' };
  await server.ask('mutation ($input: SignUpInput!) { signUp(input: $input) { id } }', { input });
  const { page } = await console.open(server, '/admin');
  await signIn(page, input.password, input.username);
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
  expect(await page.getByRole('link', { name: 'Keys and servers' }).count()).toBe(0);
});
