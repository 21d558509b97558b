import type { Route } from 'playwright-core';
import { expect } from 'vitest';
import { ACCOUNT, browserTest, signIn, useConsole } from './support/console.js';
import { SETUP_CODE } from './support/fake-root.js';

const console = useConsole();

browserTest('a new server makes its administrator, who is then signed in', async () => {
  const server = await console.start();
  server.account = undefined;
  const { page } = await console.open(server);
  await page.getByLabel('Set-up code').fill(SETUP_CODE);
  await page.getByLabel('Username').fill('mara');
  await page.getByLabel('Email').fill('mara@example.com');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create the administrator' }).click();
  await page.getByText('7 more characters are needed.').waitFor();
  expect(server.operations).not.toContain('SignUp');

  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Create the administrator' }).click();
  await page.getByRole('heading', { name: 'Tokens' }).waitFor();
  expect(server.account).toMatchObject({ username: 'mara', role: 'ADMINISTRATOR' });
});

browserTest('a refused name is told at its field', async () => {
  const server = await console.start();
  server.account = undefined;
  const { page } = await console.open(server);
  await page.getByLabel('Set-up code').fill(SETUP_CODE);
  await page.getByLabel('Username').fill('taken');
  await page.getByLabel('Email').fill('mara@example.com');
  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Create the administrator' }).click();
  await page.getByText('Somebody has this name already.').waitFor();
  expect(await page.getByLabel('Username').getAttribute('aria-invalid')).toBe('true');
});

browserTest('a wrong password says so, and the form keeps what was typed', async () => {
  const { page } = await console.open(await console.start());
  await signIn(page, 'wrong');
  await page.getByText('The username or the password is not right.').waitFor();
  expect(await page.getByLabel('Username').inputValue()).toBe('mara');
  expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('wrong');
});

browserTest('throttling says when to try again, once', async () => {
  const server = await console.start();
  server.failures.set('SignIn', {
    code: 'RATE_LIMITED',
    message: 'Too many failed sign-ins. Try again in 3 minutes.',
    extensions: { retryAfterSeconds: 180 },
  });
  const { page } = await console.open(server);
  await signIn(page);
  const notice = page.getByRole('alert');
  await notice.getByText('Too many failed sign-ins.').waitFor();
  expect((await notice.textContent())?.match(/3 minutes/g)).toHaveLength(1);
});

browserTest('the one-time password is asked for when the server wants it', async () => {
  const server = await console.start();
  server.oneTimePassword = '492013';
  const { page } = await console.open(server);
  await signIn(page);
  await page.getByLabel('One-time password').fill('492013');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Tokens' }).waitFor();
});

browserTest('an account cannot be sent twice while it is being signed in to', async () => {
  const server = await console.start();
  server.account = undefined;
  const { page } = await console.open(server);
  const signIns: Route[] = [];
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('"SignIn"')) signIns.push(route);
    else await route.continue();
  });
  await page.getByLabel('Set-up code').fill(SETUP_CODE);
  await page.getByLabel('Username').fill(ACCOUNT.username);
  await page.getByLabel('Email').fill(ACCOUNT.email);
  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  const send = page.getByRole('button', { name: 'Create the administrator’s account' });
  await send.click();
  await expect.poll(() => signIns).toHaveLength(1);
  expect(await send.isDisabled()).toBe(true);
  await signIns[0]?.continue();
  await page.getByRole('heading', { name: 'Tokens' }).waitFor();
});

browserTest(
  'the link that the server printed brings the set-up code, and keeps it nowhere',
  async () => {
    const server = await console.start();
    server.account = undefined;
    const { page } = await console.open(server, '/#setup=a-wrong-code');
    const code = page.getByLabel('Set-up code');
    await code.waitFor();
    expect(await code.inputValue()).toBe('a-wrong-code');
    expect(page.url()).toBe(`${server.url}/`);
    await page.getByLabel('Username').fill(ACCOUNT.username);
    await page.getByLabel('Email').fill(ACCOUNT.email);
    await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
    await page.getByRole('button', { name: 'Create the administrator’s account' }).click();
    await page.getByText('This is not the set-up code.').waitFor();
    await code.fill(` ${SETUP_CODE} `);
    await page.getByRole('button', { name: 'Create the administrator’s account' }).click();
    await page.getByRole('heading', { name: 'Tokens' }).waitFor();
  },
);

browserTest('what the sign-in removed is told with its device, until it is dismissed', async () => {
  const server = await console.start();
  server.removedAtSignIn = server.data.tokens.filter(({ id }) => id === 't-2');
  const { page } = await console.enter(server);
  const report = page.getByRole('alert').filter({ hasText: 'Signing in removed a session token.' });
  await report.getByText('mara-laptop').waitFor();
  await report.getByRole('button', { name: 'Dismiss' }).click();
  await report.waitFor({ state: 'detached' });
});

browserTest('no script can read the session, and no other page can act in its name', async () => {
  const server = await console.start();
  const { page } = await console.enter(server);
  expect(await page.evaluate('document.cookie')).toBe('');
  expect(
    await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })'),
  ).not.toContain('s-own');
  expect(server.unprotectedPosts).toBe(0);
});

browserTest(
  'the address that was asked for is shown after the sign-in, and after a reload',
  async () => {
    const { page } = await console.enter(await console.start(), '/tokens/t-3');
    await page.getByRole('heading', { name: 'CI: pull base images' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'CI: pull base images' }).waitFor();
  },
);

browserTest('signing out ends the session on the server too', async () => {
  const server = await console.start();
  const { page } = await console.enter(server);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(server.data.sessions.at(-1)?.endedAt).not.toBeNull();
});

browserTest('a browser that keeps no cookie is told so', async () => {
  const server = await console.start();
  const { page } = await console.open(server);
  server.setsCookies = false;
  await signIn(page);
  await page.getByText('Allow cookies for this address').waitFor();
});
