import type { BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import { emitterPart, incomplete } from './incomplete.js';
import { Page } from './page.js';
import type { Runtime } from './runtime.js';

interface BrowserWindowClass {
  new (options: BrowserWindowConstructorOptions): BrowserWindow;
  fromWebContents(contents: WebContents): BrowserWindow | null;
  getAllWindows(): BrowserWindow[];
}

type WindowPart = 'on' | 'once' | 'removeListener' | keyof ReturnType<typeof windowParts>;

export interface Windows {
  readonly BrowserWindow: BrowserWindowClass;
  readonly closeAll: () => Promise<boolean>;
}

/** `BrowserWindow` over Chromium's windows. A constructor that is called returns the incomplete object. */
export function createWindows(runtime: Runtime): Windows {
  const windows = new Map<BrowserWindow, Page>();

  function open(options: BrowserWindowConstructorOptions): BrowserWindow {
    const { width = 800, height = 600, webPreferences } = options;
    if (!webPreferences?.contextIsolation || !webPreferences.sandbox || !webPreferences.preload) {
      throw new Error(
        'The stand-in for Electron has isolated, sandboxed windows with a preload only.',
      );
    }
    const page = new Page(runtime, webPreferences.preload, { width, height });
    const { emitter, parts } = emitterPart<BrowserWindow>();
    const window = incomplete<BrowserWindow, WindowPart>('BrowserWindow', {
      ...parts,
      ...windowParts(page, () => emitter.emit('ready-to-show')),
    });
    windows.set(window, page);
    runtime.appEvents.emit('web-contents-created', {}, page.webContents);
    page.webContents.once('destroyed', () => {
      windows.delete(window);
      emitter.emit('closed');
      if (windows.size === 0) runtime.appEvents.emit('window-all-closed');
    });
    return window;
  }

  const windowClass = function construct(options: BrowserWindowConstructorOptions) {
    return open(options);
  } as unknown as BrowserWindowClass;
  windowClass.fromWebContents = (contents) =>
    [...windows].find(([, page]) => page.webContents === contents)?.[0] ?? null;
  windowClass.getAllWindows = () => [...windows.keys()];

  return {
    BrowserWindow: windowClass,
    async closeAll() {
      const gone = await Promise.all([...windows.values()].map((page) => page.askToClose()));
      return !gone.includes(false);
    },
  };
}

function windowParts(page: Page, onReady: () => void) {
  return {
    webContents: page.webContents,
    loadURL: (url: string) => page.load(url).then(onReady),
    show: () => undefined,
    focus: () => void page.activate(),
    isMinimized: () => false,
  } satisfies Partial<BrowserWindow>;
}
