import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { build } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const APP_PATH = here('../../packages/desktop');
const STAND_IN_DIRECTORY = here('../../node_modules/.cache/electron-stand-in');
const CHROMIUM = process.env.ELECTRON_STAND_IN_CHROMIUM ?? '/usr/bin/chromium';

/** What the windows run in; undefined where this machine has neither. */
export type Surroundings = 'Electron' | 'Chromium stand-in, not Electron';

export function surroundings(): Surroundings | undefined {
  if (electronBinary() !== undefined) return 'Electron';
  const hasDisplay = process.env.DISPLAY !== undefined || existsSync('/usr/bin/Xvfb');
  return process.platform === 'linux' && existsSync(CHROMIUM) && hasDisplay
    ? 'Chromium stand-in, not Electron'
    : undefined;
}

/** Electron's own binary where its package has fetched it; asking the package itself would start the download. */
function electronBinary(): string | undefined {
  const packageDirectory = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(packageDirectory, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const directory = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageDirectory, 'dist');
  const path = join(directory, name);
  return existsSync(path) ? path : undefined;
}

interface LaunchOptions {
  readonly userData?: string;
  readonly hasKeychain?: boolean;
}

/** The built app, started for one test, with a folder of its own. */
export class DesktopApp {
  readonly application: ElectronApplication;
  readonly window: Page;
  readonly userData: string;
  /** What the window's console said that is worse than information. */
  readonly complaints: string[];

  private constructor(
    application: ElectronApplication,
    window: Page,
    userData: string,
    complaints: string[],
  ) {
    this.application = application;
    this.window = window;
    this.userData = userData;
    this.complaints = complaints;
  }

  static async launch({ userData, hasKeychain = true }: LaunchOptions = {}): Promise<DesktopApp> {
    const directory = userData ?? (await mkdtemp(join(tmpdir(), 'latchkey-app-')));
    const { command, args, env, stopDisplay } = await launchCommand(directory, hasKeychain);
    const application = await _electron.launch({ executablePath: command, args, env });
    application.once('close', stopDisplay);
    reportCrash(application);
    const window = await application.firstWindow();
    const complaints: string[] = [];
    window.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    window.on('pageerror', (error) => complaints.push(String(error)));
    // A page that asks not to be left is the app's to answer, which Playwright would do without a listener.
    window.on('dialog', () => undefined);
    await window.waitForURL(/latchkey/);
    return new DesktopApp(application, window, directory, complaints);
  }

  async close(): Promise<void> {
    await this.application.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    await rm(this.userData, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Says why, where the app ends otherwise than by being quit. */
function reportCrash(application: ElectronApplication): void {
  const child = application.process();
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint = (complaint + String(text)).slice(-5_000);
  });
  child.once('exit', (code, signal) => {
    if (code !== 0) console.error(`The app ended with ${code ?? signal}:\n${complaint}`);
  });
}

/** How the app is started with the folder `userData`. */
export async function launchCommand(userData: string, hasKeychain = true) {
  const binary = electronBinary();
  const display = await openDisplay();
  return {
    stopDisplay: display.stop,
    command: binary ?? here('./electron-stand-in/launcher.sh'),
    args: [
      // Tests often run as root, where Chromium's own sandbox does not start.
      ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
      `--user-data-dir=${userData}`,
      APP_PATH,
    ],
    env: {
      ...inheritedEnvironment(),
      DISPLAY: display.name,
      ...(binary === undefined && { ELECTRON_STAND_IN: await builtStandIn() }),
      ...(hasKeychain && { ELECTRON_STAND_IN_KEYCHAIN: '1' }),
    },
  };
}

function inheritedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS');
  return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

let standIn: Promise<string> | undefined;

/** The stand-in as one CommonJS file, because Node runs no TypeScript. */
function builtStandIn(): Promise<string> {
  standIn ??= build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      outDir: join(STAND_IN_DIRECTORY, String(process.pid)),
      rollupOptions: {
        input: here('./electron-stand-in/stand-in.ts'),
        output: { format: 'cjs', entryFileNames: 'stand-in.cjs' },
      },
    },
  }).then(() => join(STAND_IN_DIRECTORY, String(process.pid), 'stand-in.cjs'));
  return standIn;
}

interface Display {
  readonly name: string;
  readonly stop: () => void;
}

/** The display there is, or one for this app alone (Xvfb), which ends by itself too when nobody draws on it any more. */
function openDisplay(): Promise<Display> {
  const { DISPLAY } = process.env;
  if (DISPLAY !== undefined) return Promise.resolve({ name: DISPLAY, stop: () => undefined });
  return new Promise((resolve, reject) => {
    const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'];
    const child = spawn('Xvfb', [...args, '-terminate', '10'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    child.once('error', reject);
    child.stdio[3]?.once('data', (number) =>
      resolve({ name: `:${String(number).trim()}`, stop: () => child.kill() }),
    );
  });
}
