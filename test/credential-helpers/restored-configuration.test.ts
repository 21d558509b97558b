import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { IntegrationKind } from '../../packages/desktop/src/ipc/integrations.js';
import { runHelper, turnOff, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const FILES = { DOCKER: '.docker/config.json', GIT: '.gitconfig' } as const;
const HOSTS = {
  DOCKER: ['registry.example.com:5000', 'other.example.com'],
  GIT: ['https://git.example.com', 'http://127.0.0.1:5610'],
} as const;

interface Home {
  readonly desktop: DesktopCore;
  readonly path: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Somebody signed in, with `content` in the file; null for none. */
async function home(kind: IntegrationKind, content: string | null): Promise<Home> {
  const server = await FakeLatchkey.start();
  const desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  const path = join(desktop.homeDirectory, FILES[kind]);
  await mkdir(dirname(path), { recursive: true });
  if (content !== null) await writeFile(path, content, { mode: 0o640 });
  return {
    desktop,
    path,
    async [Symbol.asyncDispose]() {
      await desktop[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const readOrNull = (path: string) => readFile(path, 'utf8').catch(() => null);

const DOCKER_FILES: Readonly<Record<string, string | null>> = {
  'not there': null,
  empty: '',
  'an empty object': '{}',
  'tabs, as docker writes it':
    '{\n\t"auths": {\n\t\t"x": {\n\t\t\t"auth": "YWRhOnNlY3JldA=="\n\t\t}\n\t},\n\t"zeta": 1,\n\t"alpha": {"odd":   [1,2]}\n}',
  'two spaces, helpers of others':
    '{\n  "credsStore": "pass",\n  "credHelpers": {\n    "gcr.io": "gcloud",\n    "other.example.com": "pass"\n  },\n  "proxies": {}\n}\n',
  'one line': '{"auths":{"x":{}},"credHelpers":{"gcr.io":"gcloud"},"z":0}',
  'Windows’ line ends': '{\r\n    "auths": {},\r\n    "HttpHeaders": {"a": "b"}\r\n}\r\n',
  'no helpers yet': '{ "credHelpers": {} }\n',
};
const GIT_FILES: Readonly<Record<string, string | null>> = {
  'not there': null,
  empty: '',
  ordinary: '[user]\n\tname = Ada\n\temail = ada@example.com\n[credential]\n\thelper = store\n',
  'no newline at the end': '[user]\n  name = "Ada # L"\n; a remark\n[alias]\n  st = status',
  'Windows’ line ends': '[user]\r\n\tname = Ada\r\n',
  'a section for the same host':
    '[credential "https://git.example.com"]\n\tusername = ada\n\thelper = cache\n\n\n',
};
const CASES = [
  ...Object.entries(DOCKER_FILES).map(([name, content]) => ['DOCKER', name, content] as const),
  ...Object.entries(GIT_FILES).map(([name, content]) => ['GIT', name, content] as const),
];

describe.each(CASES)('%s: %s', (kind, _name, content) => {
  test('is byte for byte what it was after the undo, and nothing is left beside it', async () => {
    await using at = await home(kind, content);
    await turnOn(at.desktop, kind, HOSTS[kind]);
    expect(await readOrNull(at.path)).not.toBe(content);
    const { status, hosts } = (await at.desktop.core.answers.integrations())[
      kind === 'DOCKER' ? 'docker' : 'git'
    ];
    expect({ status, hosts }).toEqual({ status: 'ON', hosts: [...HOSTS[kind]].sort() });
    await turnOff(at.desktop, kind);
    expect(await readOrNull(at.path)).toBe(content);
    const others = (await readdir(dirname(at.path))).filter((name) => name.includes('latchkey'));
    expect(others).toEqual([]);
  });

  test('is restored after the hosts were chosen anew, and by the app’s next run', async () => {
    await using at = await home(kind, content);
    await turnOn(at.desktop, kind, HOSTS[kind]);
    await turnOn(at.desktop, kind, HOSTS[kind].slice(0, 1));
    await at.desktop.core.stop();
    await using later = await DesktopCore.start({ directory: at.desktop.directory });
    await turnOff(later, kind);
    expect(await readOrNull(at.path)).toBe(content);
  });
});

test('docker’s other settings stay as they were, in order', async () => {
  const content = DOCKER_FILES['two spaces, helpers of others'] ?? '';
  await using at = await home('DOCKER', content);
  await turnOn(at.desktop, 'DOCKER', HOSTS.DOCKER);
  const text = await readFile(at.path, 'utf8');
  expect(JSON.parse(text)).toEqual({
    ...JSON.parse(content),
    credHelpers: {
      'gcr.io': 'gcloud',
      'other.example.com': 'latchkey',
      'registry.example.com:5000': 'latchkey',
    },
  });
  expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(JSON.parse(content)));
  expect(((await stat(at.path)).mode & 0o777).toString(8)).toBe('640');
});

test('a change that others made meanwhile is kept, and ours alone goes', async () => {
  const content = DOCKER_FILES['two spaces, helpers of others'] ?? '';
  await using at = await home('DOCKER', content);
  await turnOn(at.desktop, 'DOCKER', HOSTS.DOCKER);
  const changed = { ...JSON.parse(await readFile(at.path, 'utf8')), currentContext: 'remote' };
  await writeFile(at.path, JSON.stringify(changed, undefined, '\t'));
  await turnOff(at.desktop, 'DOCKER');
  expect(JSON.parse(await readFile(at.path, 'utf8'))).toEqual({
    ...JSON.parse(content),
    currentContext: 'remote',
  });
});

test('a .gitconfig that was edited meanwhile keeps the edits, and ours alone goes', async () => {
  const content = GIT_FILES['a section for the same host'] ?? '';
  await using at = await home('GIT', content);
  await turnOn(at.desktop, 'GIT', HOSTS.GIT);
  const edited = `[core]\n\teditor = vi\n${await readFile(at.path, 'utf8')}[alias]\n\tst = status\n`;
  await writeFile(at.path, edited);
  await turnOff(at.desktop, 'GIT');
  expect(await readFile(at.path, 'utf8')).toBe(
    `[core]\n\teditor = vi\n${content}[alias]\n\tst = status\n`,
  );
});

test('entries that somebody took out are told of', async () => {
  await using at = await home('DOCKER', '{}\n');
  await turnOn(at.desktop, 'DOCKER', HOSTS.DOCKER);
  await writeFile(at.path, '{}\n');
  expect(await at.desktop.core.answers.integrations()).toMatchObject({
    docker: { status: 'CHANGED' },
  });
  await turnOff(at.desktop, 'DOCKER');
  expect(await readFile(at.path, 'utf8')).toBe('{}\n');
});

test.each([
  ['DOCKER', '{"auths": {'],
  ['DOCKER', '[]'],
  ['DOCKER', '{"credHelpers": ["latchkey"]}'],
  ['DOCKER', '// a remark\n{}'],
  ['GIT', '[user\nname = Ada\n'],
] as const)(
  '%s: a file that is malformed (%s) is refused and left alone',
  async (kind, content) => {
    await using at = await home(kind, content);
    const { answers } = at.desktop.core;
    const preview = await answers.previewIntegration({ kind, hosts: HOSTS[kind] });
    expect(preview).toMatchObject({ ok: false, problem: { code: 'CONFIG_MALFORMED' } });
    const installed = await answers.installIntegration({ kind, hosts: HOSTS[kind], basis: 'x' });
    expect(installed).toMatchObject({ ok: false, problem: { code: 'CONFIG_MALFORMED' } });
    expect(await readFile(at.path, 'utf8')).toBe(content);
  },
);

test('what was shown is what is done: a file that changed since is not touched', async () => {
  await using at = await home('DOCKER', '{}\n');
  const { answers } = at.desktop.core;
  const shown = await answers.previewIntegration({ kind: 'DOCKER', hosts: HOSTS.DOCKER });
  if (!shown.ok) throw new Error(shown.problem.message);
  await writeFile(at.path, '{"auths":{}}');
  const { basis } = shown.value;
  const outcome = await answers.installIntegration({ kind: 'DOCKER', hosts: HOSTS.DOCKER, basis });
  expect(outcome).toMatchObject({ ok: false, problem: { code: 'CONFIG_CHANGED' } });
  expect(await readFile(at.path, 'utf8')).toBe('{"auths":{}}');
});

test('the change is shown without a secret of the file, and no copy of one is kept', async () => {
  await using at = await home('DOCKER', DOCKER_FILES['tabs, as docker writes it'] ?? '');
  const { answers } = at.desktop.core;
  const shown = await answers.previewIntegration({ kind: 'DOCKER', hosts: ['r.example.com'] });
  expect(shown).toMatchObject({
    ok: true,
    value: {
      lines: [
        { change: 'KEPT', text: '  "auths": {…},' },
        { change: 'KEPT', text: '  "zeta": …,' },
        { change: 'KEPT', text: '  "alpha": {…},' },
        { change: 'ADDED', text: '  "credHelpers": {' },
        { change: 'ADDED', text: '    "r.example.com": "latchkey"' },
        { change: 'ADDED', text: '  }' },
        { change: 'KEPT', text: '}' },
      ],
    },
  });
  await turnOn(at.desktop, 'DOCKER', ['r.example.com']);
  expect(await at.desktop.filesOnDisk()).not.toContain('YWRhOnNlY3JldA==');
  await using git = await home(
    'GIT',
    '[url "https://ada:pw@git.example.com"]\n\tinsteadOf = s3cret\n',
  );
  const gitShown = await git.desktop.core.answers.previewIntegration({
    kind: 'GIT',
    hosts: HOSTS.GIT,
  });
  expect(JSON.stringify(gitShown)).not.toMatch(/s3cret|pw@/);
});

test('a link to a file kept elsewhere stays a link', async () => {
  await using at = await home('GIT', null);
  const kept = join(at.desktop.directory, 'dotfiles-gitconfig');
  await writeFile(kept, '[user]\n\tname = Ada\n');
  await symlink(kept, at.path);
  await turnOn(at.desktop, 'GIT', HOSTS.GIT);
  expect(await readlink(at.path)).toBe(kept);
  expect(await readFile(kept, 'utf8')).toContain('git-credential-latchkey');
  await turnOff(at.desktop, 'GIT');
  expect(await readFile(kept, 'utf8')).toBe('[user]\n\tname = Ada\n');
});

test('docker’s helper goes where commands are, and no other program is put aside for it', async () => {
  await using at = await home('DOCKER', '{}\n');
  const link = join(at.desktop.homeDirectory, '.local/bin/docker-credential-latchkey');
  await turnOn(at.desktop, 'DOCKER', HOSTS.DOCKER);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  await turnOff(at.desktop, 'DOCKER');
  await expect(lstat(link)).rejects.toThrow('ENOENT');
  await writeFile(link, '#!/bin/sh\n');
  await chmod(link, 0o755);
  await expect(turnOn(at.desktop, 'DOCKER', HOSTS.DOCKER)).rejects.toThrow('is another program');
  expect(await readFile(at.path, 'utf8')).toBe('{}\n');
  expect(await readFile(link, 'utf8')).toBe('#!/bin/sh\n');
});

test('the helpers are renewed at the app’s start, and go with the undo', async () => {
  await using at = await home('DOCKER', '{}\n');
  await turnOn(at.desktop, 'DOCKER', HOSTS.DOCKER);
  await at.desktop.core.stop();
  const folder = join(at.desktop.directory, 'credential-helpers');
  const names = await readdir(folder);
  await Promise.all(names.map((name) => writeFile(join(folder, name), 'of an earlier version')));
  await using later = await DesktopCore.start({ directory: at.desktop.directory });
  const { stdout } = await runHelper(later, 'docker', 'get', HOSTS.DOCKER[0]);
  expect(stdout).toContain('"Username":"ada"');
  await turnOff(later, 'DOCKER');
  expect((await readdir(folder)).filter((name) => name.includes('latchkey'))).toEqual([]);
});

test('DOCKER_CONFIG and GIT_CONFIG_GLOBAL are honoured', async () => {
  await using desktop = await DesktopCore.start({
    environment: { DOCKER_CONFIG: '/elsewhere/docker', GIT_CONFIG_GLOBAL: '/elsewhere/gitconfig' },
  });
  expect(await desktop.core.answers.integrations()).toMatchObject({
    docker: { configFile: '/elsewhere/docker/config.json' },
    git: { configFile: '/elsewhere/gitconfig' },
  });
});

test.each([
  ['DOCKER', 'registry.example.com/team'],
  ['DOCKER', 'user:pw@registry.example.com'],
  ['DOCKER', '"x"'],
  ['GIT', 'http://git.example.com'],
  ['GIT', 'ssh://git.example.com'],
  ['GIT', 'https://ada:pw@git.example.com'],
] as const)('%s: %s is no host, and nothing is changed', async (kind, host) => {
  await using at = await home(kind, null);
  const outcome = await at.desktop.core.answers.previewIntegration({ kind, hosts: [host] });
  expect(outcome).toMatchObject({ ok: false, problem: { code: 'ADDRESS_INVALID' } });
});
