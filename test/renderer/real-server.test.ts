import { expect } from 'vitest';
import { graphql } from '../support/graphql.js';
import { ACCOUNT, LiveServer } from '../support/live-server.js';
import { browserTest, useConsole } from './support/console.js';

const console = useConsole();

browserTest(
  'sign-in, a new token, its use arriving live, and a sign-out that ends it',
  async () => {
    await using server = await LiveServer.start();
    const { page, complaints } = await console.open(server);
    await page.getByLabel('Username').fill(ACCOUNT.username);
    await page.getByRole('textbox', { name: /Password/ }).fill(ACCOUNT.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();

    await page.getByRole('link', { name: 'Create token' }).first().click();
    await page.getByLabel('Description').fill('build server');
    await page.getByRole('button', { name: 'Generate' }).click();
    const secret = await page
      .getByText(/^lkp_[0-9A-Za-z]{36}$/)
      .first()
      .textContent();

    // The session's cookie is out of the page's reach, and nothing else that the page keeps holds a secret.
    const kept = await page.evaluate(() =>
      JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]),
    );
    expect(kept).not.toMatch(/lk[dps]_/);
    const activity = await page.context().newPage();
    await activity.goto('/activity');
    await activity.getByText('Live', { exact: true }).waitFor();
    const headers = { authorization: `Bearer ${secret}`, 'x-original-uri': '/seen/live' };
    await fetch(`${server.url}/auth/verify`, { headers });
    await activity.getByText('/seen/live').waitFor();

    const cookies = await page.context().cookies();
    expect(cookies.map(({ name }) => name).sort()).toEqual(['latchkey-device', 'latchkey-session']);
    for (const each of cookies) expect(each).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    const cookie = cookies.find(({ name }) => name === 'latchkey-session');
    await activity.getByRole('button', { name: 'Sign out' }).click();
    await activity.getByLabel('Username').waitFor();
    const { errors } = await graphql(server.url, '{ viewer { account { id } } }', {
      headers: { cookie: `${cookie?.name}=${cookie?.value}` },
    });
    expect(errors[0]?.extensions.code).toBe('SESSION_EXPIRED');
    expect(complaints).toEqual([]);
  },
);
