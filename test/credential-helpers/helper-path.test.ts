import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runHelper, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const REGISTRY = 'registry.example.com:5000';
const GIT_REQUEST = 'protocol=https\nhost=git.example.com\n';
/** As an editor or a timer starts docker and git. */
const BARE = { PATH: '/nowhere' };

interface Place extends AsyncDisposable {
  readonly desktop: DesktopCore;
  /** The folder with the app's node; nothing else is on the app's path. */
  readonly nodeFolder: string;
}

/** Somebody signed in, who turned both helpers on in a folder that a shell has to be told of carefully. */
async function setUp(): Promise<Place> {
  const server = await FakeLatchkey.start();
  const nodeFolder = await mkdtemp(join(tmpdir(), "latchkey ada's node "));
  await symlink(process.execPath, join(nodeFolder, 'node'));
  const directory = await mkdtemp(join(tmpdir(), "latchkey ada's $HOME "));
  const desktop = await DesktopCore.start({ directory, environment: { PATH: nodeFolder } });
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  await turnOn(desktop, 'DOCKER', [REGISTRY]);
  await turnOn(desktop, 'GIT', ['https://git.example.com']);
  return {
    desktop,
    nodeFolder,
    async [Symbol.asyncDispose]() {
      await desktop[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(nodeFolder, { recursive: true, force: true });
    },
  };
}

async function expectCredentials(desktop: DesktopCore, environment = {}): Promise<void> {
  const docker = await runHelper(desktop, 'docker', 'get', REGISTRY, environment);
  expect(docker).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(docker.stdout)).toMatchObject({ Username: 'ada' });
  const git = await runHelper(desktop, 'git', 'get', GIT_REQUEST, environment);
  expect(git).toMatchObject({ exitCode: 0, stderr: '' });
  expect(git.stdout).toContain('username=ada\n');
}

test('docker and git get the token where no node is on their path', async () => {
  await using at = await setUp();
  await expectCredentials(at.desktop, BARE);
});

test('the node of before goes on after the app was started without one on its path', async () => {
  await using at = await setUp();
  const { directory } = at.desktop;
  await at.desktop.core.stop();
  await using later = await DesktopCore.start({ directory, environment: BARE });
  await later.untilOnline();
  await expectCredentials(later, BARE);
  expect((await later.core.answers.integrations()).git.warnings).toEqual([]);
});

test('where the app’s node is gone, the one on the path is taken', async () => {
  await using at = await setUp();
  await rm(join(at.nodeFolder, 'node'));
  await expectCredentials(at.desktop);
});

test('without curl and without any node the clients are told in their own words that there is nothing', async () => {
  await using at = await setUp();
  await rm(join(at.nodeFolder, 'node'));
  const run = (client: 'docker' | 'git', action: string, input: string) =>
    runHelper(at.desktop, client, action, input, BARE);
  const reason = 'Its credential helper runs on curl or on Node.js, and neither is there.\n';
  expect(await run('docker', 'get', REGISTRY)).toEqual({
    stdout: 'credentials not found in native keychain\n',
    stderr: `Latchkey gives nothing for ${REGISTRY}. ${reason}`,
    exitCode: 1,
  });
  const nothing = { stdout: '', stderr: '', exitCode: 0 };
  expect(await run('git', 'get', GIT_REQUEST)).toEqual({
    ...nothing,
    stderr: `Latchkey gives nothing for https://git.example.com. ${reason}`,
  });
  expect(await run('docker', 'erase', REGISTRY)).toEqual(nothing);
  expect(await run('docker', 'list', 'unused')).toEqual({ ...nothing, stdout: '{}\n' });
  expect(await run('git', 'erase', GIT_REQUEST)).toEqual(nothing);
  expect(await run('docker', 'store', '{}')).toEqual({
    ...nothing,
    stderr: `What was typed is not kept. ${reason}`,
  });
});
