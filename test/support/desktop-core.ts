import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Notice, SubscriptionEvent } from '../../packages/desktop/src/ipc/contract.js';
import type { AppState } from '../../packages/desktop/src/ipc/state.js';
import { type AppCore, createAppCore } from '../../packages/desktop/src/main/app-core.js';
import { type Clock, systemClock } from '../../packages/desktop/src/main/clock.js';

const PROGRAMS = new URL('../../packages/desktop/dist/credential-helpers', import.meta.url);

interface CoreOptions {
  readonly directory?: string;
  readonly hasKeychain?: boolean;
  readonly clock?: Clock;
  /** What main sees of the environment, beside the path. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Main's logic with the system around it played by the test: a keychain, a clipboard, a folder, no window. */
export class DesktopCore {
  readonly core: AppCore;
  readonly directory: string;
  /** Where docker's and git's configuration lie. */
  readonly homeDirectory: string;
  readonly states: AppState[] = [];
  readonly notices: Notice[] = [];
  /** As the system was given them. */
  readonly systemNotices: { readonly title: string; readonly body: string }[] = [];
  readonly subscriptionEvents: SubscriptionEvent[] = [];
  /** Everything that ever went to the window. */
  readonly sentToWindow: string[] = [];
  clipboardText = '';
  readonly #waiting = new Set<() => void>();

  private constructor(directory: string, options: CoreOptions) {
    const { hasKeychain = true, clock = systemClock, environment = {} } = options;
    this.directory = directory;
    this.homeDirectory = join(directory, 'home');
    this.core = createAppCore({
      userDataDirectory: directory,
      info: {
        name: 'Latchkey',
        version: '0.1.0',
        platform: 'linux',
        electronVersion: '',
        chromiumVersion: '',
        deviceName: 'test-machine',
      },
      clock,
      fetch,
      keychain: {
        isAvailable: async () => hasKeychain,
        encrypt: async (text) => Buffer.from(Buffer.from(text).toString('base64')),
        decrypt: async (encrypted) => Buffer.from(encrypted.toString(), 'base64').toString(),
      },
      clipboard: {
        readText: async () => this.clipboardText,
        writeText: async (text) => {
          this.clipboardText = text;
        },
        clear: () => {
          this.clipboardText = '';
        },
      },
      systemNotices: {
        show: (notice) => {
          this.systemNotices.push(notice);
          return false;
        },
      },
      helperPlaces: {
        homeDirectory: this.homeDirectory,
        environment: { PATH: process.env.PATH, ...environment },
        programsDirectory: fileURLToPath(PROGRAMS),
      },
      openExternal: async () => undefined,
      showWindow: () => undefined,
      emit: (channel, event) => {
        this.sentToWindow.push(JSON.stringify(event));
        if (channel === 'stateChanged') this.states.push(event as AppState);
        if (channel === 'noticeRaised') this.notices.push(event as Notice);
        if (channel === 'subscriptionEvent')
          this.subscriptionEvents.push(event as SubscriptionEvent);
        for (const check of this.#waiting) check();
      },
    });
  }

  static async start(options: CoreOptions = {}): Promise<DesktopCore> {
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'latchkey-core-')));
    const desktop = new DesktopCore(directory, options);
    await desktop.core.start();
    return desktop;
  }

  get state(): AppState {
    return this.core.state.current;
  }

  /** Resolves as soon as `condition` holds; it is looked at whenever the window would have been told something. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  untilOnline(): Promise<void> {
    return this.until(() => this.state.connection.status === 'ONLINE');
  }

  signIn(serverAddress: string) {
    return this.core.answers.signIn({
      serverAddress,
      username: 'ada',
      password: 'correct horse battery',
    });
  }

  /** Every file of the app's folder, its content decoded as this test's keychain would. */
  async filesOnDisk(): Promise<string> {
    const names = await readdir(this.directory);
    const contents = await Promise.all(
      // A file that is being replaced may be gone by its first name.
      names.map((name) => readFile(join(this.directory, name), 'utf8').catch(() => '')),
    );
    return contents.flatMap((text) => [text, Buffer.from(text, 'base64').toString()]).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.core.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
