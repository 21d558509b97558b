import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { createServer, loadConfig } from '@latchkey/server';
import { expect, test } from 'vitest';
import { runCommand } from '../support/command.js';
import { startServer } from '../support/latchkey.js';
import { makeHome } from '../support/process.js';

test('a second server on the same embedded database does not start, and says why', async () => {
  await using first = await startServer();
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: `sqlite:${first.databasePath}`,
    LATCHKEY_LOG_LEVEL: 'silent',
  });

  await expect(createServer(config)).rejects.toThrow(
    /Another Latchkey server uses .*latchkey\.sqlite/,
  );
});

test('a database is free again once its server has stopped, or could not start', async () => {
  await using taken = await startServer();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-test-'));
  const env = {
    DATABASE_URL: `sqlite:${join(folder, 'latchkey.sqlite')}`,
    LATCHKEY_LOG_LEVEL: 'silent',
  };

  const atTakenPort = createServer(loadConfig({ ...env, PORT: new URL(taken.url).port }));
  await expect(atTakenPort).rejects.toThrow(/cannot listen on .*EADDRINUSE.*Set PORT/);
  const first = await createServer(loadConfig({ ...env, PORT: '0' }));
  await first.close();
  const second = await createServer(loadConfig({ ...env, PORT: '0' }));

  await second.close();
  await rm(folder, { recursive: true });
});

const UNAVAILABLE = 69;

/** Starts a server in this process, which is expected to be refused. */
async function start(path: string): Promise<string> {
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: `sqlite:${path}`,
    LATCHKEY_LOG_LEVEL: 'silent',
  });
  const server = await createServer(config).catch((error: Error) => error);
  if (server instanceof Error) return server.message;
  await server.close();
  return 'It started.';
}

test('a second server is refused by whatever name it comes', async () => {
  await using home = await makeHome();
  await home.start();
  const { path } = home.database;
  const elsewhere = join(home.folder, 'elsewhere');
  await mkdir(elsewhere);
  await symlink(path, join(elsewhere, 'link.sqlite'));
  await symlink(join(elsewhere, 'link.sqlite'), join(home.folder, 'link-to-link.sqlite'));
  await symlink(dirname(path), join(home.folder, 'folder'));
  await symlink(join(elsewhere, 'nothing'), join(elsewhere, 'dangling.sqlite'));

  for (const name of [
    path,
    relative(process.cwd(), path),
    join(elsewhere, 'link.sqlite'),
    join(home.folder, 'link-to-link.sqlite'),
    join(home.folder, 'folder', basename(path)),
  ]) {
    expect(await start(name)).toContain(`Another Latchkey server uses ${path}`);
  }
  expect(await start(join(elsewhere, 'dangling.sqlite'))).toContain(
    'is a symbolic link to a file that does not exist',
  );

  const hard = join(elsewhere, 'hard.sqlite');
  await link(path, hard);
  expect(await start(hard)).toContain('has 2 hard links');
  const commands = ['backup', 'reset-password', 'add-user'].map((command) =>
    runCommand(command, [join(elsewhere, 'x')], { DATABASE_URL: `sqlite:${hard}` }),
  );
  for (const { exitCode, stderr } of await Promise.all(commands)) {
    expect(stderr).toContain('has 2 hard links');
    expect(exitCode).toBe(1);
  }
  expect((await readdir(elsewhere)).sort()).toEqual([
    'dangling.sqlite',
    'hard.sqlite',
    'link.sqlite',
  ]);
});

test('a database that is moved while its server runs is not another’s, and its server stops', async () => {
  await using home = await makeHome();
  const server = await home.start();
  const { path } = home.database;
  const moved = join(home.folder, 'moved.sqlite');

  await rename(path, moved);

  // Twice, since the first attempt may not leave behind what makes the second one succeed.
  const attempts = [await start(moved), await start(moved)];
  const line = JSON.parse(await server.logged('The database is gone'));
  expect(line.reason).toBe(`${path} was removed or replaced while the server ran`);
  expect(await server.ended).toBe(UNAVAILABLE);
  for (const words of attempts)
    expect(words).toMatch(/Another Latchkey server uses .*moved.sqlite/);
});

test('a database that is replaced while its server runs is not used by a second one, and its server stops', async () => {
  await using home = await makeHome();
  const server = await home.start();
  const { path } = home.database;
  const copy = join(home.folder, 'copy.sqlite');
  await runCommand('backup', [copy], { DATABASE_URL: `sqlite:${path}` });

  await rename(copy, path);

  const second = await start(path);
  expect(await server.ended).toBe(UNAVAILABLE);
  expect(second).toContain(`Another Latchkey server uses ${path}`);
  expect(await start(path)).toBe('It started.');
});

test('a lock file that is removed lets no second server in, and is made again', async () => {
  await using home = await makeHome();
  await home.start();
  const { path } = home.database;

  await rm(`${path}-lock`);

  expect(await start(path)).toContain(`Another Latchkey server uses ${path}`);
  await expect.poll(() => existsSync(`${path}-lock`)).toBe(true);
  await expect.poll(() => start(path)).toContain(`Another Latchkey server uses ${path}. Stop`);
});

test('nobody but its owner can open any file of the database, those of an earlier release too', async () => {
  await using home = await makeHome();
  const folder = join(home.folder, 'new', 'data');
  const path = join(folder, 'latchkey.sqlite');
  const modes = async () => {
    const names = await readdir(folder);
    const stats = await Promise.all(names.map((name) => stat(join(folder, name))));
    return Object.fromEntries(
      names.map((name, index) => [name, (stats[index]?.mode ?? 0) & 0o777]),
    );
  };
  let server = await home.start({ DATABASE_URL: `sqlite:${path}` });
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const made = await modes();
  expect(Object.keys(made)).toEqual(
    expect.arrayContaining(['', '-lock', '-wal', '-shm'].map((end) => `latchkey.sqlite${end}`)),
  );
  expect(new Set(Object.values(made))).toEqual(new Set([0o600]));
  await server.kill();

  for (const name of Object.keys(made)) await chmod(join(folder, name), 0o666);
  server = await home.start({ DATABASE_URL: `sqlite:${path}` });

  expect(new Set(Object.values(await modes()))).toEqual(new Set([0o600]));
});

test('a place where others could put their files is refused', async () => {
  await using home = await makeHome();
  const folder = join(home.folder, 'open');
  const path = join(folder, 'latchkey.sqlite');
  await mkdir(folder);
  await chmod(folder, 0o777);
  expect(await start(path)).toContain(`Every user may replace files in ${folder}`);

  await chmod(folder, 0o755);
  await symlink('/dev/null', `${path}-lock`);
  expect(await start(path)).toContain(`${path}-lock is not a regular file`);
  await rm(`${path}-lock`);
  for (const end of ['-wal', '-lock']) {
    await writeFile(path + end, '');
    // Only root can give a file away.
    if (process.geteuid?.() === 0) {
      await chown(path + end, 65_534, 65_534);
      expect(await start(path)).toContain(`${path}${end} belongs to another user (65534)`);
    }
    await rm(path + end);
  }
  expect(await readdir(folder)).toEqual([]);
});

test('a database where no file can be is refused, and does not keep the start waiting', async () => {
  await using home = await makeHome();
  expect(await start('/dev/null/x/y')).toContain('/dev/null is not a folder');
  expect(await start('/dev/null')).toContain('/dev/null is not a regular file');
  expect(await start(home.folder)).toContain(`${home.folder} is a folder`);

  const { exitCode, notes } = await home.runToEnd({ DATABASE_URL: 'sqlite:/proc/x/y' });

  expect(notes).toContain('/proc is not a folder that this user can write to');
  expect(exitCode).toBe(UNAVAILABLE);
});

test('a database that is mounted as a single file is refused', async ({ skip }) => {
  await using home = await makeHome();
  await home.start();
  const { path } = home.database;
  const alone = join(home.folder, 'alone.sqlite');
  await writeFile(alone, '');
  const mount = promisify(execFile);
  const mounted = await mount('mount', ['--bind', path, alone]).catch(() => undefined);
  if (mounted === undefined) skip('This user may not mount.');
  try {
    expect(await start(alone)).toContain(`${alone} is mounted as a single file`);
  } finally {
    await mount('umount', [alone]);
  }
});
