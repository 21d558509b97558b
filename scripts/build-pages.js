// Builds with Vite what its sources are newer than: the screens, the desktop app's processes, the explorer. The second
// start of a server builds nothing.
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const DESKTOP = 'packages/desktop';
const EXPLORER = 'packages/explorer';
const ELECTRON = 'vite.electron.config.ts';
const PAGE = 'vite.config.ts';

/** What each part is called, its workspace, Vite's mode and configuration, what it is made of and what it becomes. */
const PARTS = [
  {
    title: 'the main process',
    workspace: DESKTOP,
    mode: 'main',
    config: ELECTRON,
    // The helpers' scripts are part of it.
    sources: ['src/main', 'src/credential-helpers'],
  },
  {
    title: 'the preload',
    workspace: DESKTOP,
    mode: 'preload',
    config: ELECTRON,
    sources: ['src/preload'],
  },
  ...['docker', 'git'].map((client) => ({
    title: `the credential helper for ${client}`,
    workspace: DESKTOP,
    mode: `${client}-credential-latchkey`,
    config: ELECTRON,
    sources: ['src/credential-helpers'],
    out: 'dist/credential-helpers',
  })),
  {
    title: 'the screens for the desktop app',
    workspace: DESKTOP,
    mode: 'desktop',
    config: PAGE,
    sources: ['src/renderer'],
    out: 'dist/renderer',
  },
  {
    title: 'the screens for the browser',
    workspace: DESKTOP,
    mode: 'console',
    config: PAGE,
    sources: ['src/renderer'],
  },
  {
    title: 'the explorer',
    workspace: EXPLORER,
    mode: 'production',
    config: PAGE,
    sources: ['src', 'index.html'],
    out: 'dist/assets',
  },
];

const stale = PARTS.filter(isStale);
// Vite takes half a second to load, which a start with nothing to do need not wait for.
const vite = stale.length > 0 ? await import('vite') : undefined;
for (const part of stale) {
  process.stderr.write(`Building ${part.title}.\n`);
  const startedAt = new Date();
  const stamp = stampOf(part);
  rmSync(stamp, { force: true });
  const configFile = join(root, part.workspace, part.config);
  await vite?.build({ configFile, mode: part.mode, logLevel: 'error' });
  writeFileSync(stamp, '');
  // As of the start, so that what was changed meanwhile is built next time.
  utimesSync(stamp, startedAt, startedAt);
}

function isStale(part) {
  const inWorkspace = (path) => join(root, part.workspace, path);
  if (changedAt(inWorkspace(part.out ?? `dist/${part.mode}`)) === 0) return true;
  const shared = ['package-lock.json', 'packages/shared/src', `${DESKTOP}/src/ipc`];
  const own = ['package.json', part.config, ...part.sources];
  const sources = [...shared.map((path) => join(root, path)), ...own.map(inWorkspace)];
  return Math.max(...sources.map(changedAt)) > changedAt(stampOf(part));
}

function stampOf({ workspace, mode }) {
  return join(root, workspace, 'dist', `.${mode}-built`);
}

/** When `path`, or what is newest below it, was changed: milliseconds since 1970, 0 where it is not there. */
function changedAt(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}
