import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bridge } from '../../packages/desktop/src/ipc/contract.js';
import { DesktopApp, launchCommand, surroundings } from '../support/desktop-app.js';
import { ACCOUNT, LiveServer } from '../support/live-server.js';

declare const bridge: Bridge;

const runsIn = surroundings();
if (runsIn === undefined) {
  console.warn(
    'The desktop app is not tested: neither Electron’s binary nor Chromium with Xvfb is here.',
  );
}

test.runIf(process.env.CI)(
  'where everything is tested, there is something to run the app in',
  () => {
    expect(runsIn).toBeDefined();
  },
);

async function signIn(app: DesktopApp, server: LiveServer): Promise<void> {
  await app.window.getByLabel('Server address').fill(server.url);
  await app.window.getByLabel('Username').fill(ACCOUNT.username);
  await app.window.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await app.window.getByRole('button', { name: 'Sign in' }).click();
  await app.window.getByRole('heading', { name: 'Tokens' }).waitFor();
}

describe.skipIf(runsIn === undefined)(`a window is closed in on all sides (${runsIn})`, () => {
  let app: DesktopApp;
  beforeAll(async () => {
    app = await DesktopApp.launch();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test('it has the bridge, and nothing of Node or Electron', async () => {
    const seen = await app.window.evaluate(() => ({
      methods: Object.keys(bridge).sort(),
      types: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', 'standIn'].map(
        (name) => typeof Reflect.get(globalThis, name),
      ),
    }));
    expect(new Set(seen.types)).toEqual(new Set(['undefined']));
    expect(seen.methods).toEqual([
      'appInfo',
      'appState',
      'copySecret',
      'copyText',
      'describeServer',
      'ensureSessionToken',
      'execute',
      'installIntegration',
      'integrations',
      'onNoticeRaised',
      'onRouteRequested',
      'onStateChanged',
      'onSubscriptionEvent',
      'openExternal',
      'previewIntegration',
      'reauthenticate',
      'removeIntegration',
      'retryConnection',
      'signIn',
      'signOut',
      'subscribe',
      'unsubscribe',
    ]);
  });

  test('it has no network, no inline script and no eval', async () => {
    await using server = await LiveServer.start();
    const url = `${server.url}/healthz`;
    const outcomes = await app.window.evaluate(async (address) => {
      const attempt = (work: () => unknown): Promise<string> =>
        Promise.resolve()
          // Later, because the debugger itself may evaluate what a page may not.
          .then(() => new Promise((resolve) => setTimeout(resolve)))
          .then(work)
          .then(
            () => 'done',
            () => 'refused',
          );
      const inline = document.createElement('script');
      inline.textContent = 'window.inlineRan = true';
      document.body.append(inline);
      return {
        fetch: await attempt(() => fetch(address)),
        // biome-ignore lint/security/noGlobalEval: it is what must not work
        eval: await attempt(() => globalThis.eval('1')),
        inline: 'inlineRan' in window ? 'done' : 'refused',
      };
    }, url);
    expect(outcomes).toEqual({ fetch: 'refused', eval: 'refused', inline: 'refused' });
  });

  test('it leads nowhere but to the system’s browser, and only over https', async () => {
    await app.application.evaluate(({ shell }) => {
      Reflect.set(globalThis, 'opened', []);
      shell.openExternal = async (url) => {
        Reflect.get(globalThis, 'opened').push(url);
      };
    });
    const before = app.window.url();
    const opened = await app.window.evaluate(() => [
      window.open('https://example.com/docs'),
      window.open('http://example.com/plain'),
    ]);
    await app.window.evaluate(() => {
      location.href = 'https://example.com/elsewhere';
    });
    await app.window.evaluate(() => bridge.openExternal('https://example.com/by-the-bridge'));
    await expect
      .poll(() => app.application.evaluate(() => Reflect.get(globalThis, 'opened')))
      .toEqual(
        expect.arrayContaining(['https://example.com/docs', 'https://example.com/by-the-bridge']),
      );
    const all = await app.application.evaluate(() => Reflect.get(globalThis, 'opened'));
    expect(all).not.toContain('http://example.com/plain');
    expect(all).not.toContain('https://example.com/elsewhere');
    expect(opened.length).toBe(2);
    expect(app.window.url()).toBe(before);
    await expect.poll(() => app.application.windows().length).toBe(1);
    await expect(
      app.window.evaluate(() => bridge.openExternal('file:///etc/passwd')),
    ).rejects.toThrow('not as agreed');
  });

  test('arguments that are not as agreed are refused without repeating them', async () => {
    const message = await app.window.evaluate(() =>
      bridge.signIn({ password: ['hunter2hunter2'] } as never).catch(String),
    );
    expect(message).toContain('not as agreed');
    expect(message).not.toContain('hunter2');
  });

  test.runIf(runsIn?.startsWith('Chromium'))(
    'the stand-in is loud about what it is not',
    async () => {
      await expect(app.application.evaluate(({ app }) => app.getLocale())).rejects.toThrow(
        'The stand-in for Electron has no app.getLocale.',
      );
    },
  );

  test('a second start brings the window forward and ends', async () => {
    const { command, args, env, stopDisplay } = await launchCommand(app.userData);
    const child = spawn(command, args, { env, stdio: 'ignore' });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    stopDisplay();
    expect(code).toBe(0);
    expect(app.application.windows()).toHaveLength(1);
  });
});

describe.skipIf(runsIn === undefined)(`signing in and out (${runsIn})`, () => {
  test('signing in mints the session’s token, a restart keeps it, signing out removes it', async () => {
    await using server = await LiveServer.start();
    await using first = await DesktopApp.launch();
    await signIn(first, server);
    const storage = (await first.window.evaluate(() => bridge.appState())).secretStorage;
    expect(await liveSessionTokens(server)).toBe(1);
    await first.close();
    if (storage === 'MEMORY') return;

    await using second = await DesktopApp.launch({ userData: first.userData });
    await second.window.getByRole('heading', { name: 'Tokens' }).waitFor();
    expect(await liveSessionTokens(server)).toBe(1);
    await second.window.evaluate(() => bridge.signOut());
    await second.window.getByLabel('Server address').waitFor();
    await expect.poll(() => liveSessionTokens(server)).toBe(0);
    expect(second.complaints).toEqual([]);
  });

  test('without a keychain the app says so and leaves no secret on the disk', async () => {
    await using server = await LiveServer.start();
    await using app = await DesktopApp.launch({ hasKeychain: false });
    const { secretStorage } = await app.window.evaluate(() => bridge.appState());
    // Real Electron has the keychain that the machine has.
    if (secretStorage === 'KEYCHAIN') return;
    await signIn(app, server);
    const files = await readdir(app.userData);
    expect(files).not.toContain('session.bin');
    const preferences = await readFile(join(app.userData, 'preferences.json'), 'utf8');
    expect(preferences).not.toMatch(/lk[sapo]_/);
  });

  test('with a new secret on the screen, closing and quitting ask whether it was saved', async () => {
    await using server = await LiveServer.start();
    await using app = await DesktopApp.launch();
    await signIn(app, server);
    await app.window.getByRole('link', { name: 'Create token' }).click();
    await app.window.getByLabel('Description').fill('nightly build');
    await app.window.getByRole('button', { name: 'Generate' }).click();
    await app.window.getByTestId('secret').waitFor();

    await answerQuestions(app, 'Back to the secret');
    await app.window.close({ runBeforeUnload: true });
    await expect.poll(() => askedQuestions(app)).toEqual(['Is the secret saved?']);
    await app.application.evaluate((electron) => electron.app.quit());
    await expect.poll(async () => (await askedQuestions(app)).length).toBe(2);
    await app.window.getByTestId('secret').waitFor();

    await answerQuestions(app, 'It is saved');
    const ended = app.application.waitForEvent('close');
    // It may be gone before it has answered.
    await app.application.evaluate((electron) => electron.app.quit()).catch(() => undefined);
    await ended;
  });

  test('a session that is ended elsewhere takes the window back to the sign-in', async () => {
    await using server = await LiveServer.start();
    await using app = await DesktopApp.launch();
    await signIn(app, server);
    await server.ask('mutation { endOtherSessions }');
    await app.window.getByLabel('Server address').waitFor();
    const { session } = await app.window.evaluate(() => bridge.appState());
    expect(session).toMatchObject({ status: 'SIGNED_OUT', notice: { reason: 'SESSION_ENDED' } });
  });

  test('a token made elsewhere is on the screen without a reload', async () => {
    await using server = await LiveServer.start();
    await using app = await DesktopApp.launch();
    await signIn(app, server);
    await server.ask(
      'mutation { createAccessToken(input: { description: "nightly build", scopes: [READ] }) { secret } }',
    );
    await app.window.getByText('nightly build').first().waitFor();
    expect(app.complaints).toEqual([]);
  });

  test('a notice that is clicked while the window is closed opens it on the notice’s page', async () => {
    await using server = await LiveServer.start();
    await using app = await DesktopApp.launch();
    await app.application.evaluate(({ Notification }) => {
      Notification.isSupported = () => true;
      Notification.prototype.show = function show() {
        Reflect.set(globalThis, 'shown', this);
      };
    });
    await signIn(app, server);
    await expect.poll(() => app.window.evaluate(connectionStatus)).toBe('ONLINE');
    const { createAccessToken } = await server.ask<{
      createAccessToken: { accessToken: { id: string }; secret: string };
    }>(
      'mutation { createAccessToken(input: { description: "lost one", scopes: [READ] }) { accessToken { id } secret } }',
    );
    await fetch(`${server.url}/credentials/revoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ credentials: [createAccessToken.secret] }),
    });
    await expect.poll(() => app.application.evaluate(() => 'shown' in globalThis)).toBe(true);
    await app.window.close();
    // Main hears of it a little later than the one who closed it.
    const openWindows = () =>
      app.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    await expect.poll(openWindows).toBe(0);
    const opened = app.application.waitForEvent('window');
    await app.application.evaluate(() => Reflect.get(globalThis, 'shown').emit('click'));
    const window = await opened;
    await window.getByRole('heading', { name: 'lost one' }).waitFor();
    expect(window.url()).toContain(`/tokens/${createAccessToken.accessToken.id}`);
  });

  test('the session’s own token that was deleted elsewhere is told of, and comes back', async () => {
    await using server = await LiveServer.start();
    await using app = await DesktopApp.launch();
    await signIn(app, server);
    const { accessTokens } = await server.ask<{
      accessTokens: { edges: { node: { id: string } }[] };
    }>(
      '{ accessTokens(filter: { kinds: [SESSION], statuses: [ACTIVE] }) { edges { node { id } } } }',
    );
    const ids = accessTokens.edges.map(({ node }) => node.id);
    await server.ask('mutation ($ids: [ID!]!) { deleteAccessTokens(ids: $ids) }', { ids });
    const tokenStatus = () =>
      app.window.evaluate(async () => {
        const { session } = await bridge.appState();
        return session.status === 'SIGNED_IN' ? session.sessionToken.status : session.status;
      });
    await expect.poll(tokenStatus).toBe('REMOVED');
    expect(await app.window.evaluate(() => bridge.ensureSessionToken())).toEqual({
      ok: true,
      value: null,
    });
    expect(await tokenStatus()).toBe('LIVE');
    expect(await liveSessionTokens(server)).toBe(1);
  });
});

async function connectionStatus(): Promise<string> {
  return (await bridge.appState()).connection.status;
}

async function liveSessionTokens(server: LiveServer): Promise<number> {
  const { accessTokens } = await server.ask<{ accessTokens: { totalCount: number } }>(
    '{ accessTokens(filter: { kinds: [SESSION], statuses: [ACTIVE] }) { totalCount } }',
  );
  return accessTokens.totalCount;
}

/** Whatever the app asks from now on is answered by `button`. */
async function answerQuestions(app: DesktopApp, button: string): Promise<void> {
  await app.application.evaluate(({ dialog }, label) => {
    Reflect.set(globalThis, 'asked', Reflect.get(globalThis, 'asked') ?? []);
    const answer = (_window: unknown, question: { message: string; buttons: string[] }) => {
      Reflect.get(globalThis, 'asked').push(question.message);
      return question.buttons.indexOf(label);
    };
    Reflect.set(dialog, 'showMessageBoxSync', answer);
  }, button);
}

function askedQuestions(app: DesktopApp): Promise<string[]> {
  return app.application.evaluate(() => Reflect.get(globalThis, 'asked'));
}
