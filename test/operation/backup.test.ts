import { chmod, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { runCommand, startCommand } from '../support/command.js';
import { startServer } from '../support/latchkey.js';
import { createToken, signIn, signUp, verify } from '../support/people.js';
import { createTestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

test('a backup taken while the server serves is a database that serves in its place', async () => {
  await using server = await startServer();
  await signUp(server, 'alice');
  const { sessionSecret } = await signIn(server, 'alice');
  const token = await createToken(server, sessionSecret);
  expect(await verify(server, token.secret)).toBe(200);
  const folder = dirname(server.databasePath);
  const copy = join(folder, "it's a copy.sqlite");
  const link = join(folder, 'link.sqlite');
  await symlink(server.databasePath, link);

  // Through a link too it finds what SQLite keeps beside the file.
  const ended = await runCommand('backup', [copy], { DATABASE_URL: `sqlite:${link}` });

  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  const later = await createToken(server, sessionSecret);
  await using restored = await startServer({ DATABASE_URL: `sqlite:${copy}` });
  expect(await verify(restored, token.secret)).toBe(200);
  expect(await verify(restored, later.secret)).toBe(401);
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  expect((await readdir(folder)).filter((name) => name.includes('backup'))).toEqual([]);
});

test('a backup overwrites nothing, makes no database, and copies no other program’s', async () => {
  await using server = await startServer();
  const DATABASE_URL = `sqlite:${server.databasePath}`;
  const folder = dirname(server.databasePath);
  const target = join(folder, 'copy.sqlite');
  await symlink(join(folder, 'nowhere'), join(folder, 'dangling'));
  await writeFile(join(folder, 'empty.sqlite'), '');
  const before = await readdir(folder);

  const cases: [names: string[], url: string, words: string][] = [
    [[server.databasePath], DATABASE_URL, 'overwrites nothing'],
    [[join(folder, 'dangling')], DATABASE_URL, 'overwrites nothing'],
    [[], DATABASE_URL, 'Name the file to write'],
    [['--help'], DATABASE_URL, 'Name the file to write'],
    [[join(folder, 'missing', 'x')], DATABASE_URL, `${folder}/missing is not a folder`],
    [[target], `sqlite:${folder}/mistyped.sqlite`, `no database of Latchkey's at ${folder}/mist`],
    [[target], `sqlite:${folder}/empty.sqlite`, `no database of Latchkey's at ${folder}/empty`],
  ];
  for (const [names, url, words] of cases) {
    const { exitCode, stderr } = await runCommand('backup', names, { DATABASE_URL: url });
    expect(stderr).toContain(words);
    expect(exitCode).toBe(1);
  }

  expect(await readdir(folder)).toEqual(before);
});

test('nobody else can read a backup while it is written, and one that is broken off leaves nothing', async () => {
  await using database = await createTestDatabase();
  const folder = dirname(database.path);
  await chmod(folder, 0o755);
  const big = new Libsql(database.path);
  big.exec('PRAGMA synchronous = OFF; CREATE TABLE migrations (data BLOB)');
  big.exec('INSERT INTO migrations VALUES (zeroblob(300000000))');
  big.close();
  const written = async () => (await readdir(folder)).find((name) => name.startsWith('.latch'));

  const child = startCommand('backup', [join(folder, 'copy.sqlite')], {
    DATABASE_URL: database.url,
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await until('the copy is being written', 20_000, async () => {
    const inside = await written();
    return inside !== undefined && (await readdir(join(folder, inside))).length > 0;
  });
  const inside = join(folder, (await written()) ?? '');
  expect((await stat(inside)).mode & 0o777).toBe(0o700);
  expect((await stat(join(inside, 'copy.sqlite'))).mode & 0o777).toBe(0o600);
  child.kill('SIGTERM');

  expect(await ended).toBe(128 + 15);
  expect(await readdir(folder)).toEqual([basename(database.path)]);
});
