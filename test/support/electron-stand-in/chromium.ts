import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { DevTools } from './devtools.js';

/** Starts Chromium without a window. It listens on a port for Playwright, which is told by standard error. */
export function startChromium(userData: string, args: readonly string[]): DevTools {
  const child = spawn(
    process.env.ELECTRON_STAND_IN_CHROMIUM ?? 'chromium',
    [
      '--remote-debugging-pipe',
      ...args.filter((arg) => /^--(remote-debugging-port=|no-sandbox$)/.test(arg)),
      `--user-data-dir=${join(userData, `chromium-${process.pid}`)}`,
      '--no-startup-window',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-dev-shm-usage',
      '--disable-extensions',
      '--disable-gpu',
      '--disable-sync',
      '--disable-features=HttpsUpgrades,MediaRouter,OptimizationHints',
      '--force-color-profile=srgb',
      '--password-store=basic',
      // Nothing that Chromium wants on its own account leaves this machine.
      '--host-resolver-rules=MAP * ~NOTFOUND',
    ],
    { stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] },
  );
  child.on('exit', () => process.exit());
  const [, , , output, input] = child.stdio;
  return new DevTools(output as Writable, input as Readable);
}
