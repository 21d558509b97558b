import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { GuardedServer, runAtHome, turnOff, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const run = promisify(execFile);

/** A bare repository with one commit, ready to be served as plain files. */
async function makeRepository(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'latchkey-git-'));
  const bare = join(directory, 'team.git');
  const git = (...parameters: string[]) =>
    run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...parameters]);
  await git('init', '--quiet', '--bare', bare);
  const { stdout: tree } = await git('--git-dir', bare, 'write-tree');
  const { stdout: commit } = await git(
    '--git-dir',
    bare,
    'commit-tree',
    '-m',
    'First',
    tree.trim(),
  );
  await git('--git-dir', bare, 'update-ref', 'HEAD', commit.trim());
  await git('--git-dir', bare, 'update-server-info');
  return directory;
}

async function setUp(gitconfig = '[user]\n\tname = Ada\n') {
  const server = await FakeLatchkey.start();
  // A name with a space, as macOS has it in the path of every app's folder.
  const directory = await mkdtemp(join(tmpdir(), 'latchkey core '));
  const desktop = await DesktopCore.start({ directory });
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const repositories = await makeRepository();
  const isLive = (credential: string) => {
    const session = server.sessions.at(-1);
    const isGood = session !== undefined && !session.isOver && session.token.removedAt === null;
    return isGood && credential === `ada:${session.token.secret}`;
  };
  const host = await GuardedServer.start(isLive, async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const content = await readFile(join(repositories, pathname)).catch(() => undefined);
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await mkdir(desktop.homeDirectory, { recursive: true });
  await writeFile(join(desktop.homeDirectory, '.gitconfig'), gitconfig);
  return {
    server,
    desktop,
    host,
    origin: `http://${host.host}`,
    /** Whether the one repository could be read. */
    async reads(...configuration: string[]): Promise<boolean> {
      const address = `http://${host.host}/team.git`;
      const { stdout } = await runAtHome(desktop, ['git', ...configuration, 'ls-remote', address]);
      return stdout.includes('refs/heads/');
    },
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await desktop[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(repositories, { recursive: true, force: true });
    },
  };
}

test('git reads with the session’s token, with useHttpPath too, and not after the undo', async () => {
  await using at = await setUp();
  expect(await at.reads()).toBe(false);
  await turnOn(at.desktop, 'GIT', [at.origin]);
  expect(await at.reads()).toBe(true);
  expect(await at.reads('-c', 'credential.useHttpPath=true')).toBe(true);
  const target = join(at.desktop.directory, 'clone');
  const clone = await runAtHome(at.desktop, ['git', 'clone', `${at.origin}/team.git`, target]);
  expect(clone).toMatchObject({ exitCode: 0 });
  await turnOff(at.desktop, 'GIT');
  expect(await at.reads()).toBe(false);
});

test('no other helper of git is handed the token, so none writes it to the disk', async () => {
  await using at = await setUp('[credential]\n\thelper = store\n');
  await turnOn(at.desktop, 'GIT', [at.origin]);
  expect(await at.reads()).toBe(true);
  await expect(readFile(join(at.desktop.homeDirectory, '.git-credentials'))).rejects.toThrow(
    'ENOENT',
  );
});

test('a refused token is made anew for the next try, without a word from the server to the app', async () => {
  await using at = await setUp();
  await turnOn(at.desktop, 'GIT', [at.origin]);
  const token = at.server.sessions[0]?.token;
  if (token === undefined) throw new Error('Nobody signed in.');
  token.removedAt = new Date().toISOString();
  expect(await at.reads()).toBe(false);
  expect(await at.reads()).toBe(true);
});

test('signed out, and without the app, git is given nothing and goes on', async () => {
  await using at = await setUp();
  await turnOn(at.desktop, 'GIT', [at.origin]);
  await at.desktop.core.answers.signOut();
  expect(await at.reads()).toBe(false);
  await at.desktop.core.stop();
  expect(await at.reads()).toBe(false);
  expect(at.host.offered.filter((credential) => credential !== undefined)).toEqual([]);
  const byHand = ['-c', `credential.${at.origin}.helper=!echo username=grace; echo password=x; :`];
  expect(await at.reads(...byHand)).toBe(false);
  expect(at.host.offered).toContain('grace:x');
});
