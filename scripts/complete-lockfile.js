// Adds to package-lock.json the other platforms' optional packages that a registry mirror did not have when the lock was
// written. npm leaves them out then, and `npm ci` refuses such a lock. Run after a change of dependencies:
// npm install && node scripts/complete-lockfile.js
import { readFileSync, writeFileSync } from 'node:fs';

const OPERATING_SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'aix',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
];

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(path, name)) continue;
    const platform = platformOf(name);
    if (platform === undefined) continue;
    added.push(name);
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[^0-9]*/, ''),
      ...(entry.dev && { dev: true }),
      optional: true,
      ...platform,
    };
  }
}

lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([one], [other]) => one.localeCompare(other, 'en')),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`Added ${added.length} packages of other platforms.\n`);

/** Whether a package at `path` would find `name`, as Node looks for it: in its own folder, then in each above. */
function isLocked(path, name) {
  for (
    let folder = path;
    ;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))
  ) {
    const prefix = folder === '' ? '' : `${folder}/`;
    if (lock.packages[`${prefix}node_modules/${name}`]) return true;
    if (folder === '' || !folder.includes('node_modules/'))
      return Boolean(lock.packages[`node_modules/${name}`]);
  }
}

/** The platform that a package's name tells, so that no other one fetches it. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = OPERATING_SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  if (words.includes('universal')) cpu.push('x64', 'arm64');
  if (words.includes('wasm32')) return { cpu: ['wasm32'] };
  if (os.length === 0) return undefined;
  return { os, ...(cpu.length > 0 && { cpu }) };
}
