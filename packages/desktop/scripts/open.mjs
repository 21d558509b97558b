// Opens the built app on Electron, fetching Electron's program first where it is not there yet.
//   node scripts/open.mjs [what the app is given]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const electronPackage = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8'));

/** Electron's program; undefined where it was not fetched. */
function program() {
  const pathFile = join(electronPackage, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronPackage, 'dist'), name);
  return existsSync(path) ? path : undefined;
}

/** @returns why it could not be fetched; undefined where it could */
function fetchProgram() {
  console.log(`Fetching Electron ${version}, which happens once.`);
  const { status, stderr } = spawnSync(process.execPath, [join(electronPackage, 'install.js')], {
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  if (status === 0) return undefined;
  return (
    stderr
      .split('\n')
      .find((line) => /error/i.test(line))
      ?.trim() ?? 'no reason given'
  );
}

const reason = program() === undefined ? fetchProgram() : undefined;
const executable = program();
if (executable === undefined) {
  console.error(
    [
      `Electron ${version} could not be fetched, so the app cannot open: ${reason}`,
      'It comes from github.com, or from where ELECTRON_MIRROR points. Connect to the network and run this again,',
      'or unpack Electron yourself and say where in ELECTRON_OVERRIDE_DIST_PATH.',
      'Without it, the same screens are in the browser, at the address that npm start prints.',
    ].join('\n'),
  );
  process.exit(1);
}

const appDirectory = fileURLToPath(new URL('..', import.meta.url));
const app = spawn(executable, [appDirectory, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal));
app.on('exit', (code) => process.exit(code ?? 1));
