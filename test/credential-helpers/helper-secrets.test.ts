import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEndpointFile } from '../../packages/desktop/src/ipc/helper-endpoint-file.js';
import { havePrograms } from '../endpoints/support/programs.js';
import { runAtHome, runHelper, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';
import { requireProgram } from '../support/programs/find-program.js';

const REGISTRY = 'registry.example.com:5000';
const GIT_REQUEST = 'protocol=https\nhost=git.example.com\n';
const TYPED = 'lkp_typed-by-hand';
const STORED = JSON.stringify({ ServerURL: REGISTRY, Username: 'ada', Secret: TYPED });

/** Somebody signed in, whose helpers find `curl` and no node. */
async function setUp(curl: (folder: string) => string) {
  const server = await FakeLatchkey.start();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey curl '));
  await writeFile(join(folder, 'curl'), curl(folder));
  await chmod(join(folder, 'curl'), 0o755);
  const desktop = await DesktopCore.start({ environment: { PATH: folder } });
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  await turnOn(desktop, 'DOCKER', [REGISTRY]);
  await turnOn(desktop, 'GIT', ['https://git.example.com']);
  const helpers = join(desktop.directory, 'credential-helpers');
  return {
    desktop,
    folder,
    secret: server.sessions[0]?.token.secret ?? '',
    key: readEndpointFile(await readFile(join(helpers, 'endpoint.conf'), 'utf8'))?.key ?? '',
    dockerHelper: join(helpers, 'docker-credential-latchkey'),
    async [Symbol.asyncDispose]() {
      await desktop[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Writes its arguments and its environment beside itself, and is curl. */
const recording = (folder: string) => `#!/bin/sh
{ printf '%s\\n' "$@"; env; } >>'${folder}/record'
exec ${requireProgram('curl')} "$@"
`;

/** A curl that knows no sockets, and writes down what it is asked. */
const withoutSockets = (folder: string) => `#!/bin/sh
printf '%s\\n' "$*" >>'${folder}/record'
printf 'curl 8.0.0\\nFeatures: alt-svc HSTS IPv6\\n'
`;

describe.skipIf(!havePrograms('curl'))('with curl', () => {
  test('no argument and no environment of a program that is started holds a secret', async () => {
    await using at = await setUp(recording);
    // The names that the scripts use, as somebody's shell may have exported them.
    const exported = { input: 'x', line: 'x', answer: 'x', said: 'x' };
    const docker = await runHelper(at.desktop, 'docker', 'get', REGISTRY, exported);
    expect(docker.stdout).toContain(at.secret);
    const git = await runHelper(at.desktop, 'git', 'get', GIT_REQUEST, exported);
    expect(git.stdout).toContain(at.secret);
    await runHelper(at.desktop, 'docker', 'store', STORED, exported);
    await runHelper(at.desktop, 'git', 'erase', `${GIT_REQUEST}password=${TYPED}\n`, exported);
    const record = await readFile(join(at.folder, 'record'), 'utf8');
    expect(record.match(/^Latchkey-Action: .*$/gm)).toEqual(
      ['docker get', 'git get', 'docker store', 'git erase'].map(
        (action) => `Latchkey-Action: ${action}`,
      ),
    );
    expect(at.key.length).toBeGreaterThan(40);
    for (const secret of [at.secret, at.key, TYPED]) expect(record).not.toContain(secret);
  });

  test('a shell that is told to export all and to show its work does neither', async () => {
    await using at = await setUp(recording);
    const told = { SHELLOPTS: 'allexport:xtrace' };
    for (const [action, input] of [
      ['get', REGISTRY],
      ['store', STORED],
    ] as const) {
      const command = ['bash', '--posix', at.dockerHelper, action] as const;
      const { stderr, exitCode } = await runAtHome(at.desktop, command, input, told);
      expect({ exitCode, lines: stderr.trim().split('\n') }).toEqual({
        exitCode: 0,
        lines: expect.not.arrayContaining([expect.stringMatching(/lk[ap]_/)]),
      });
    }
    const record = await readFile(join(at.folder, 'record'), 'utf8');
    for (const secret of [at.secret, at.key, TYPED]) expect(record).not.toContain(secret);
  });

  test('a shell that has to start a program to print leaves it all to Node.js', async () => {
    await using at = await setUp(recording);
    const without = ['bash', '-c', 'enable -n printf; . "$0"', at.dockerHelper, 'get'] as const;
    const { stdout } = await runAtHome(at.desktop, without, REGISTRY);
    expect(JSON.parse(stdout)).toMatchObject({ Secret: at.secret });
    const record = await readFile(join(at.folder, 'record'), 'utf8');
    expect(record).not.toContain('Latchkey-Action');
  });

  test('neither the person’s curl settings nor a proxy stands between a helper and the app', async () => {
    await using at = await setUp(recording);
    const { homeDirectory } = at.desktop;
    await mkdir(homeDirectory, { recursive: true });
    await writeFile(join(homeDirectory, '.curlrc'), 'verbose\ninclude\nproxy = "127.0.0.1:1"\n');
    const proxies = ['http_proxy', 'HTTP_PROXY', 'ALL_PROXY', 'all_proxy'];
    for (const proxy of ['http://127.0.0.1:1', 'socks5h://127.0.0.1:1']) {
      const environment = Object.fromEntries(proxies.map((name) => [name, proxy]));
      const docker = await runHelper(at.desktop, 'docker', 'get', REGISTRY, environment);
      expect(docker).toMatchObject({ stderr: '', exitCode: 0 });
      expect(JSON.parse(docker.stdout)).toMatchObject({ Secret: at.secret });
      const git = await runHelper(at.desktop, 'git', 'get', GIT_REQUEST, environment);
      expect(git).toMatchObject({ stderr: '', stdout: expect.stringMatching(/^username=ada\n/) });
    }
    // Not every curl takes a proxy where it is given a socket.
    const record = await readFile(join(at.folder, 'record'), 'utf8');
    expect(record.match(/^--noproxy\n\*$/gm)).toHaveLength(4);
  });
});

test('where the curl of before is gone, Node.js answers', async () => {
  await using at = await setUp(recording);
  await rm(join(at.folder, 'curl'));
  const { stdout } = await runHelper(at.desktop, 'docker', 'get', REGISTRY);
  expect(JSON.parse(stdout)).toMatchObject({ Secret: at.secret });
});

test('a curl that knows no sockets is asked for nothing', async () => {
  await using at = await setUp(withoutSockets);
  // There is a node on the helper's own path.
  const { stdout } = await runHelper(at.desktop, 'docker', 'get', REGISTRY);
  expect(JSON.parse(stdout)).toMatchObject({ Secret: at.secret });
  const record = await readFile(join(at.folder, 'record'), 'utf8');
  expect(new Set(record.trim().split('\n'))).toEqual(new Set(['-q --version']));
});
