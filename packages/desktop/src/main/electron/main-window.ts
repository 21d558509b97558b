import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme } from 'electron';
import type { EventChannel, EventChannels } from '../../ipc/contract.js';
import { APP_START_URL } from '../app-origin.js';
import { askWhetherSaved } from './saved-question.js';

/** The app's one window: closed, it is gone with everything it held, and the app lives on in the tray. */
export class MainWindow {
  readonly #onGone: () => void;
  #window: BrowserWindow | undefined;

  constructor(onGone: () => void) {
    this.#onGone = onGone;
  }

  /** Brings the window to the front, opening it where there is none, with the page at `route` where one is given. */
  show(route: string | null = null): void {
    if (this.#window === undefined) {
      // A page that is only loading hears no event.
      this.#window = this.#open(route ?? '/');
      return;
    }
    if (route !== null) this.send('routeRequested', route);
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  send<Channel extends EventChannel>(channel: Channel, event: EventChannels[Channel]): void {
    this.#window?.webContents.send(channel, event);
  }

  #open(route: string): BrowserWindow {
    const window = new BrowserWindow(windowOptions());
    window.once('ready-to-show', () => window.show());
    window.webContents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) this.#onGone();
    });
    // A page holds itself up while a new secret is on it; without an answer the window could not close, nor the app quit.
    window.webContents.on('will-prevent-unload', (event) => {
      this.show();
      if (askWhetherSaved(window)) event.preventDefault();
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#onGone();
    });
    void window.loadURL(new URL(route, APP_START_URL).href);
    return window;
  }
}

function windowOptions(): Electron.BrowserWindowConstructorOptions {
  return {
    width: 1200,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: app.name,
    autoHideMenuBar: true,
    // The page's own colours, so that opening does not flash.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#10161f' : '#ffffff',
    webPreferences: {
      preload: join(app.getAppPath(), 'dist/preload/preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  };
}
