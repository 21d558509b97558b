// Builds main, preload and the screens (for the window and for the browser), each only where its sources are newer.
//   node scripts/build.mjs
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const COMMON = ['package.json', '../../package-lock.json', '../shared/src', 'src/ipc'];

const PARTS = [
  {
    mode: 'main',
    title: 'the desktop app’s main process',
    out: 'dist/main',
    config: 'vite.electron.config.ts',
    sources: ['src/main'],
  },
  {
    mode: 'preload',
    title: 'the desktop app’s preload',
    out: 'dist/preload',
    config: 'vite.electron.config.ts',
    sources: ['src/preload'],
  },
  {
    mode: 'desktop',
    title: 'the screens for the desktop app',
    out: 'dist/renderer',
    config: 'vite.config.ts',
    sources: ['src/renderer'],
  },
  {
    mode: 'console',
    title: 'the screens for the browser',
    out: 'dist/console',
    config: 'vite.config.ts',
    sources: ['src/renderer'],
  },
];

/** When `path`, or what is newest below it, was changed: milliseconds since 1970, 0 where it is not there. */
function changedAt(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

const stampOf = (part) => join(root, 'dist', `.${part.mode}-built`);

const stale = PARTS.filter((part) => {
  const sources = [...COMMON, part.config, ...part.sources].map((path) => join(root, path));
  const isThere = changedAt(join(root, part.out)) > 0;
  return !isThere || Math.max(...sources.map(changedAt)) > changedAt(stampOf(part));
});

// Vite takes half a second to load, which a start with nothing to do need not wait for.
const vite = stale.length > 0 ? await import('vite') : undefined;
for (const part of stale) {
  console.log(`Building ${part.title}.`);
  rmSync(stampOf(part), { force: true });
  const startedAt = new Date();
  const configFile = join(root, part.config);
  await vite?.build({ configFile, mode: part.mode, logLevel: 'warn' });
  writeFileSync(stampOf(part), '');
  // As of the start, so that what was changed meanwhile is built next time.
  utimesSync(stampOf(part), startedAt, startedAt);
}
