import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '@latchkey/server';
import { expect, onTestFinished, test } from 'vitest';
import { haveOptional, run } from '../endpoints/support/programs.js';
import { startServer } from '../support/latchkey.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const UNITS = ['latchkey.service', 'latchkey-backup.service', 'latchkey-backup.timer'];

/** A unit with this machine's node. */
const unit = async (name: string) =>
  (await readFile(join(ROOT, 'deploy', name), 'utf8')).replaceAll(
    '/usr/bin/node',
    process.execPath,
  );

/** What a unit sets under `name`, as systemd hands it on. */
const directives = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) =>
    value.replaceAll('%%', '%'),
  );

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-units-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test.skipIf(!haveOptional('systemd-analyze'))(
  'systemd finds nothing wrong in the units',
  async () => {
    const folder = await temporaryFolder();
    for (const name of UNITS) await writeFile(join(folder, name), await unit(name));
    const files = UNITS.map((name) => join(folder, name));
    expect(await run('systemd-analyze', ['verify', '--man=no', ...files])).toEqual({
      code: 0,
      output: '',
    });
  },
);

test('the units’ settings are taken, and both name the same database', async () => {
  for (const name of UNITS.slice(0, 2)) {
    const text = await unit(name);
    const pairs = directives(text, 'Environment').flatMap((line) => line.split(' '));
    const env = Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
    expect(loadConfig(env)).toMatchObject({
      explorer: false,
      database: { engine: 'sqlite', path: '/var/lib/latchkey/latchkey.sqlite' },
    });
    expect(directives(text, 'EnvironmentFile')).toEqual(['-/etc/latchkey.env']);
  }
});

test('the backup’s unit copies the database of a running server, and removes copies of a fortnight ago', async () => {
  await using latchkey = await startServer();
  const folder = await temporaryFolder();
  const dated = async (name: string, days: number) => {
    await writeFile(join(folder, name), '');
    const then = new Date(Date.now() - days * 86_400_000);
    await utimes(join(folder, name), then, then);
  };
  await dated('latchkey-old.sqlite', 16);
  await dated('latchkey-recent.sqlite', 13);
  await dated('somebody-else.txt', 16);
  const text = await unit('latchkey-backup.service');
  const [[copy = '']] = [directives(text, 'ExecStart')];
  const [[clean = '']] = [directives(text, 'ExecStartPost')];
  const [, script = ''] = /^\/bin\/sh -c '(.*)'$/.exec(copy) ?? [];
  const env = { STATE_DIRECTORY: folder, DATABASE_URL: `sqlite:${latchkey.databasePath}` };

  expect(await run('sh', ['-c', script], { env, cwd: ROOT })).toMatchObject({ code: 0 });
  const [find = '', ...args] = clean.replaceAll(`\${STATE_DIRECTORY}`, folder).split(' ');
  expect(await run(find.replace('/usr/bin/', ''), args)).toMatchObject({ code: 0, output: '' });

  const left = (await readdir(folder)).sort();
  expect(left).toHaveLength(3);
  expect(left[0]).toMatch(/^latchkey-\d{4}-\d\d-\d\dT\d{6}Z\.sqlite$/);
  expect(left.slice(1)).toEqual(['latchkey-recent.sqlite', 'somebody-else.txt']);
});
