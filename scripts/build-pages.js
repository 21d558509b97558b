// Builds the pages whose sources are newer than what was built of them: the second start of a server builds nothing.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each page: its workspace, the script that builds it, what it is made of, and a file that the build writes. */
const PAGES = [
  {
    workspace: 'packages/explorer',
    script: 'build',
    sources: ['packages/explorer', 'package-lock.json'],
    built: 'packages/explorer/dist/index.html',
  },
];

for (const { workspace, script, sources, built } of PAGES) {
  const builtAt = existsSync(join(root, built)) ? statSync(join(root, built)).mtimeMs : 0;
  if (sources.every((source) => newestIn(join(root, source)) <= builtAt)) continue;
  process.stderr.write(`Building ${workspace}\n`);
  execFileSync('npm', ['run', '--silent', script, '--workspace', workspace], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** When the youngest file at or below `path` was written, in milliseconds. */
function newestIn(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path)
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), 0);
}
