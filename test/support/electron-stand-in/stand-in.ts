import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createApp } from './app.js';
import { createWindows } from './browser-window.js';
import { startChromium } from './chromium.js';
import { incomplete } from './incomplete.js';
import { routePageEvents } from './page-events.js';
import type { Runtime } from './runtime.js';
import { createIpcMain, createProtocol, createSession } from './session.js';
import {
  createClipboard,
  createSafeStorage,
  createShell,
  dialog,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
  powerMonitor,
  Tray,
} from './system.js';

const args = process.argv.slice(2);
const appPath = resolve(args.find((arg) => !arg.startsWith('-')) ?? '.');
const userData =
  args.find((arg) => arg.startsWith('--user-data-dir='))?.slice('--user-data-dir='.length) ??
  mkdtempSync(join(tmpdir(), 'latchkey-stand-in-'));
mkdirSync(userData, { recursive: true });

const versions = { ...process.versions, electron: 'stand-in', chrome: 'stand-in' };
Object.defineProperty(process, 'versions', { value: versions });

const runtime: Runtime = {
  devTools: startChromium(userData, args),
  appEvents: new EventEmitter(),
  schemes: new Set(),
  protocolHandlers: new Map(),
  invokeHandlers: new Map(),
  pages: new Map(),
  beforeRequest: undefined,
};
routePageEvents(runtime);
const windows = createWindows(runtime);

const electron = incomplete('electron', {
  app: createApp({
    events: runtime.appEvents,
    appPath,
    userData,
    closeWindows: windows.closeAll,
    closeBrowser: () => runtime.devTools.send('Browser.close'),
  }),
  BrowserWindow: windows.BrowserWindow,
  clipboard: createClipboard(),
  dialog,
  ipcMain: createIpcMain(runtime),
  Menu,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol: createProtocol(runtime),
  safeStorage: createSafeStorage(userData),
  session: incomplete('session', { defaultSession: createSession(runtime) }),
  shell: createShell(),
  Tray,
  webContents: incomplete('webContents', {
    fromDevToolsTargetId: (targetId: string) => runtime.pages.get(targetId)?.webContents,
  }),
});

answerRequire('electron', electron);
const require = createRequire(join(appPath, 'package.json'));
require(join(appPath, require('./package.json').main));

/** Makes `require(name)` give `value`, in the app and in what Playwright runs beside it. */
function answerRequire(name: string, value: unknown): void {
  const loader = Module as unknown as {
    _load: (request: string, ...rest: unknown[]) => unknown;
  };
  const load = loader._load;
  loader._load = (request, ...rest) => (request === name ? value : load(request, ...rest));
}
