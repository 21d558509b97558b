import type { EventEmitter } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import { incomplete, Preventable } from './incomplete.js';

export interface AppSurroundings {
  readonly events: EventEmitter;
  readonly appPath: string;
  readonly userData: string;
  /** Whether all are gone: a page may hold itself up. */
  readonly closeWindows: () => Promise<boolean>;
  readonly closeBrowser: () => Promise<unknown>;
}

/** `app`: its life from `whenReady` to `quit`, its names and its places. */
export function createApp(surroundings: AppSurroundings): App {
  const { events, appPath, userData } = surroundings;
  const manifest = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'));
  const ready = new Promise<void>((resolve) => setImmediate(resolve));
  const listening = { on: events.on.bind(events), once: events.once.bind(events) };
  return incomplete<App, keyof App>('app', {
    ...(listening as unknown as Pick<App, 'on' | 'once'>),
    name: manifest.productName,
    isPackaged: false,
    getVersion: () => manifest.version,
    getAppPath: () => appPath,
    getPath: (name: string) => {
      if (name !== 'userData') throw new Error(`The stand-in for Electron has no path ${name}.`);
      return userData;
    },
    enableSandbox: () => undefined,
    whenReady: () => ready,
    quit: () => void quit(surroundings),
    requestSingleInstanceLock: () => requestLock(events, userData),
  } satisfies Partial<App> as unknown as App);
}

async function quit({ events, closeWindows, closeBrowser }: AppSurroundings): Promise<void> {
  if (!(await closeWindows())) return;
  const event = new Preventable();
  events.emit('will-quit', event);
  if (event.isPrevented) return;
  // Chromium may be gone before it has answered.
  await Promise.race([closeBrowser(), new Promise((resolve) => setTimeout(resolve, 2_000))]);
  process.exit(0);
}

/** The first process of a folder holds the lock; a later one knocks by a signal. */
function requestLock(events: EventEmitter, userData: string): boolean {
  const path = join(userData, 'stand-in.lock');
  const holder = readHolder(path);
  if (holder !== undefined) {
    process.kill(holder, 'SIGUSR2');
    return false;
  }
  writeFileSync(path, String(process.pid));
  process.on('SIGUSR2', () => events.emit('second-instance'));
  return true;
}

function readHolder(path: string): number | undefined {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    process.kill(holder, 0);
    return holder;
  } catch {
    return undefined;
  }
}
