import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { browserTest, useConsole } from './support/console.js';
import { lastCall, useWindowPage } from './support/window-page.js';

const open = useWindowPage(useConsole());

async function openWindow(path = '/'): Promise<Page> {
  return (await open(path)).page;
}

const NOT_LATCHKEY = `{ ok: false, problem: { code: 'SERVER_NOT_LATCHKEY', message: 'It is not Latchkey.' } }`;
const found = (address: string) =>
  `{ ok: true, value: { address: '${address}', version: '0.1.0', setupRequired: false } }`;

/** Answers the next looks at a server only when `window.answerLook` is called. */
const HOLD_LOOKS =
  'window.main.answers.describeServer = new Promise((resolve) => { window.answerLook = resolve; }); undefined';

/** Once what was answered has been drawn, if anything was. */
async function expectStill(page: Page, text: string): Promise<void> {
  await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
  expect(await page.getByLabel('Server address').inputValue()).toBe(text);
  expect(await page.getByText('Looking for the server…').count()).toBe(0);
}

browserTest(
  'the sign-in asks for the server first, and looks at it before a password is typed',
  async () => {
    const page = await openWindow();
    await page.getByLabel('Server address').fill('tokens.example.com');
    await page.getByLabel('Username').fill('mara');
    await expect
      .poll(() => page.getByLabel('Server address').inputValue())
      .toBe('https://tokens.example.com');
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect
      .poll(() => lastCall(page, 'signIn'))
      .toEqual([
        'signIn',
        {
          serverAddress: 'https://tokens.example.com',
          username: 'mara',
          password: 'correct horse battery',
        },
      ]);
  },
);

browserTest('what is wrong with the address stands at its field', async () => {
  const page = await openWindow();
  await page.evaluate(
    `window.main.answers.describeServer = { ok: false, problem: { code: 'SERVER_NOT_LATCHKEY', message: 'There is a server at this address, but it is not Latchkey.' } }`,
  );
  await page.getByLabel('Server address').fill('example.com');
  await page.getByLabel('Username').focus();
  await page.getByText('it is not Latchkey').waitFor();
  expect(await page.getByLabel('Server address').inputValue()).toBe('example.com');
});

browserTest(
  'an answer about an older address touches neither the text nor its problem',
  async () => {
    const page = await openWindow();
    const field = page.getByLabel('Server address');
    await page.evaluate(HOLD_LOOKS);
    await field.fill('old.example.com');
    await page.getByLabel('Username').focus();
    await page.getByText('Looking for the server…').waitFor();
    await field.fill('new.example.com');
    await page.evaluate(`window.answerLook(${found('https://old.example.com')})`);
    await expectStill(page, 'new.example.com');

    await page.evaluate(HOLD_LOOKS);
    await page.getByLabel('Username').focus();
    await page.getByText('Looking for the server…').waitFor();
    await field.fill('newer.example.com');
    await page.evaluate(`window.answerLook(${NOT_LATCHKEY})`);
    await expectStill(page, 'newer.example.com');
    expect(await page.getByText('It is not Latchkey.').count()).toBe(0);
  },
);

browserTest('an address that failed is looked at again when it is left again', async () => {
  const page = await openWindow();
  const field = page.getByLabel('Server address');
  await page.evaluate(`window.main.answers.describeServer = ${NOT_LATCHKEY}`);
  await field.fill('tokens.example.com');
  await page.getByLabel('Username').focus();
  await page.getByText('It is not Latchkey.').waitFor();
  await page.evaluate(
    `window.main.answers.describeServer = ${found('https://tokens.example.com')}`,
  );
  await field.focus();
  await page.getByLabel('Username').focus();
  await expect.poll(() => field.inputValue()).toBe('https://tokens.example.com');
  expect(await page.getByText('It is not Latchkey.').count()).toBe(0);
});

browserTest('a look that breaks ends, and says so', async () => {
  const page = await openWindow();
  await page.evaluate(
    `window.main.answers.describeServer = { then: (_, reject) => reject(new Error('It broke.')) }; undefined`,
  );
  await page.getByLabel('Server address').fill('tokens.example.com');
  await page.getByLabel('Username').focus();
  await page.getByText('makes no sense here').waitFor();
  expect(await page.getByText('Looking for the server…').count()).toBe(0);
});

browserTest('a server without an account sends its administrator to the browser', async () => {
  const page = await openWindow();
  await page.evaluate('window.main.answers.describeServer.value.setupRequired = true');
  await page.getByLabel('Server address').fill('tokens.example.com');
  await page.getByLabel('Username').focus();
  await page.getByText('Nobody has an account there yet.').waitFor();
});

browserTest(
  'a pruned token is told at once with its reason, and a new one is offered',
  async () => {
    const page = await openWindow('/account');
    await page.evaluate('window.main.tell(window.main.signedIn({}))');
    await page.getByRole('heading', { name: 'Account' }).waitFor();
    await page.evaluate(
      `window.main.tell(window.main.signedIn({ sessionToken: { status: 'REMOVED', token: { id: 't-1', description: 'Desktop', hint: 'lka_…9kZs', removalReason: 'PRUNED', removalNote: 'It was removed when studio-mac signed in as the sixth session.', removedAt: null, deviceName: null } } }))`,
    );
    await page
      .getByText('It was removed when studio-mac signed in as the sixth session.')
      .waitFor();
    await page.getByRole('button', { name: 'Get a new token for this device' }).click();
    await expect.poll(() => lastCall(page, 'ensureSessionToken')).toEqual(['ensureSessionToken']);
    await page.evaluate('window.main.tell(window.main.signedIn({}))');
    await page
      .getByText('The session token of this device was removed.')
      .waitFor({ state: 'detached' });
  },
);

browserTest('without a keychain it says that the sign-in is forgotten', async () => {
  const page = await openWindow('/account');
  await page.evaluate(`window.main.tell({ ...window.main.signedIn({}), secretStorage: 'MEMORY' })`);
  await page.getByText('This sign-in is forgotten when the app quits.').waitFor();
});

browserTest('a notice leads to its page, and a page asked for from outside is shown', async () => {
  const page = await openWindow('/account');
  await page.evaluate('window.main.tell(window.main.signedIn({}))');
  await page.getByRole('heading', { name: 'Account' }).waitFor();
  await page.evaluate(
    `window.main.raise('noticeRaised', { id: 'n-1', kind: 'TOKEN_USED_FROM_NEW_NETWORK', title: 'Used from a new network', body: 'CI was used from 198.51.100.9.', route: '/sessions', at: '', shownBySystem: false })`,
  );
  await page.getByText('CI was used from 198.51.100.9.').waitFor();
  await page.getByRole('link', { name: 'Show it' }).click();
  await page.getByRole('heading', { name: 'Sessions and devices' }).waitFor();
  await page.evaluate(`window.main.raise('routeRequested', '/activity')`);
  await page.getByRole('heading', { name: 'Activity' }).waitFor();
});

browserTest('a subscription that main says has failed is asked for again', async () => {
  const page = await openWindow('/account');
  await page.evaluate('window.main.tell(window.main.signedIn({}))');
  const ofUses = `window.main.calls.filter(([name, request]) => name === 'subscribe' && request.query.includes('usageEventRecorded'))`;
  const count = () => page.evaluate(`${ofUses}.length`);
  await expect.poll(count).toBe(1);
  await page.evaluate(
    `window.main.raise('subscriptionEvent', { subscriptionId: ${ofUses}[0][1].subscriptionId, kind: 'FAILED', errors: [{ message: 'Not now.', extensions: { code: 'UNAVAILABLE' } }] })`,
  );
  await expect.poll(count, { timeout: 10_000 }).toBe(2);
});

browserTest('the window itself asks no network for anything but its files', async () => {
  const page = await openWindow('/account');
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.evaluate('window.main.tell(window.main.signedIn({}))');
  await page.getByText('Your account could not be loaded.').waitFor();
  expect(requests.filter((url) => !/\/(assets\/|favicon)/.test(url))).toEqual([]);
  expect(await lastCall(page, 'execute')).toMatchObject(['execute', { operationName: 'Account' }]);
});
