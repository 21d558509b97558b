import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { Outcome } from '../../../packages/desktop/src/ipc/contract.js';
import type { createAppCore } from '../../../packages/desktop/src/main/app-core.js';

const DESKTOP = new URL('../../../packages/desktop/', import.meta.url);
const inDesktop = (path: string): string => fileURLToPath(new URL(path, DESKTOP));

/** The desktop app without its window, signed in, with both helpers turned on. */
export interface DesktopApp extends AsyncDisposable {
  /** The helper as docker or git would start it. */
  helperOf(client: 'docker' | 'git'): string;
  /** Ends the app as by its menu; the helpers stay where they are. */
  quit(): Promise<void>;
}

/** Runs the app's main process, but for Electron, in this one: the endpoint that helpers ask at is the real one. */
export async function startDesktopApp(
  serverAddress: string,
  { username, password }: { readonly username: string; readonly password: string },
  { registry, gitServer }: { readonly registry: string; readonly gitServer: string },
): Promise<DesktopApp> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-app-'));
  const core = await startCore(folder);
  const dispose = async () => {
    await core.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { answers } = core;
    const signedIn = await answers.signIn({ serverAddress, username, password });
    if (!signedIn.ok) throw new Error(signedIn.problem.message);
    for (const change of [
      { kind: 'DOCKER', hosts: [registry] },
      { kind: 'GIT', hosts: [gitServer] },
    ] as const) {
      const { basis } = required(await answers.previewIntegration(change));
      required(await answers.installIntegration({ ...change, basis }));
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    helperOf: (client) => join(folder, `credential-helpers/${client}-credential-latchkey`),
    quit: () => core.stop(),
    [Symbol.asyncDispose]: dispose,
  };
}

async function startCore(folder: string) {
  await build({
    configFile: inDesktop('vite.electron.config.ts'),
    mode: 'main',
    logLevel: 'error',
    build: { outDir: folder, rollupOptions: { input: inDesktop('src/main/app-core.ts') } },
  });
  const built = createRequire(import.meta.url)(join(folder, 'main.cjs')) as {
    createAppCore: typeof createAppCore;
  };
  const core = built.createAppCore({
    userDataDirectory: folder,
    info: {
      name: 'Latchkey',
      version: '0.1.0',
      platform: process.platform,
      electronVersion: '',
      chromiumVersion: '',
      deviceName: 'benchmark',
    },
    clock: {
      now: Date.now,
      after: (ms, work) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    },
    fetch,
    keychain: {
      isAvailable: async () => true,
      encrypt: async (text) => Buffer.from(text),
      decrypt: async (encrypted) => encrypted.toString(),
    },
    clipboard: {
      readText: async () => '',
      writeText: async () => undefined,
      clear: () => undefined,
    },
    systemNotices: { show: () => false },
    helperPlaces: {
      homeDirectory: join(folder, 'home'),
      environment: { PATH: process.env['PATH'] },
      programsDirectory: inDesktop('dist/credential-helpers'),
    },
    openExternal: async () => undefined,
    showWindow: () => undefined,
    emit: () => undefined,
  });
  await core.start();
  return core;
}

function required<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}
