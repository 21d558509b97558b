import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, powerMonitor, protocol, session } from 'electron';
import { type AppCore, createAppCore } from './app-core.js';
import { serveAppFile } from './app-files.js';
import { APP_SCHEME } from './app-origin.js';
import { systemClock } from './clock.js';
import { setAppMenu } from './electron/app-menu.js';
import { guardEveryPage, guardSession, openInBrowser } from './electron/guards.js';
import { registerIpcHandlers } from './electron/ipc-handlers.js';
import { MainWindow } from './electron/main-window.js';
import {
  appInfo,
  systemClipboard,
  systemKeychain,
  systemNotices,
} from './electron/system-ports.js';
import { openTray } from './electron/tray.js';
import { trustSystemCertificates } from './system-certificates.js';
import type { TrayAction } from './tray-menu.js';

/** A second start only brings the first one's window to the front: two would fight over one session. */
if (app.requestSingleInstanceLock()) run();
else app.quit();

function run(): void {
  app.enableSandbox();
  // Windows shows notices only of a program that it knows by the name its installer gave.
  if (process.platform === 'win32') app.setAppUserModelId('io.latchkey.desktop');
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  guardEveryPage();
  const window = new MainWindow(() => core.forgetWindow());
  const core = createCore(window);
  app.on('second-instance', () => window.show());
  app.on('activate', () => window.show());
  // The app lives on in the tray.
  app.on('window-all-closed', () => undefined);
  quitAfter(() => core.stop());
  void app.whenReady().then(() => start(core, window));
}

async function start(core: AppCore, window: MainWindow): Promise<void> {
  trustSystemCertificates();
  guardSession(session.defaultSession);
  const rendererDirectory = join(app.getAppPath(), 'dist/renderer');
  protocol.handle(APP_SCHEME, (request) => serveAppFile(rendererDirectory, request.url));
  setAppMenu();
  registerIpcHandlers(core.answers);
  openTray(core.state, (action) => act(action, core, window));
  powerMonitor.on('resume', core.retryConnection);
  window.show();
  await core.start();
}

/** Holds the quitting up until `work` is done, so that nothing is left on the clipboard or half on the disk. */
function quitAfter(work: () => Promise<void>): void {
  let isDone = false;
  app.on('will-quit', (event) => {
    if (isDone) return;
    event.preventDefault();
    void work().finally(() => {
      isDone = true;
      app.quit();
    });
  });
}

function createCore(window: MainWindow): AppCore {
  return createAppCore({
    userDataDirectory: app.getPath('userData'),
    info: appInfo(),
    clock: systemClock,
    fetch,
    keychain: systemKeychain,
    clipboard: systemClipboard,
    systemNotices,
    helperPlaces: {
      homeDirectory: homedir(),
      environment: process.env,
      programsDirectory: join(app.getAppPath(), 'dist/credential-helpers'),
    },
    openExternal: openInBrowser,
    showWindow: (route) => window.show(route),
    emit: (channel, event) => window.send(channel, event),
  });
}

function act(action: TrayAction, core: AppCore, window: MainWindow): void {
  if (action === 'OPEN') window.show();
  else if (action === 'QUIT') app.quit();
  else void core.signOut();
}
