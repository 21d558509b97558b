import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntegrationKind } from '../../packages/desktop/src/ipc/integrations.js';
import { havePrograms } from '../endpoints/support/programs.js';
import { GuardedServer, runAtHome, turnOff, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const run = promisify(execFile);
const ORIGIN = 'https://git.example.com';
const REGISTRY = 'registry.example.com';
const HOSTS = { DOCKER: [REGISTRY], GIT: [ORIGIN] } as const;

let server: FakeLatchkey;
let desktop: DesktopCore;
beforeAll(async () => {
  server = await FakeLatchkey.start();
  desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
});
afterAll(async () => {
  await desktop[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const pathOf = (kind: IntegrationKind) =>
  join(desktop.homeDirectory, kind === 'DOCKER' ? '.docker/config.json' : '.gitconfig');

async function put(kind: IntegrationKind, content: string): Promise<void> {
  await mkdir(dirname(pathOf(kind)), { recursive: true });
  await writeFile(pathOf(kind), content);
}

async function statusOf(kind: IntegrationKind): Promise<string> {
  const { docker, git } = await desktop.core.answers.integrations();
  return (kind === 'DOCKER' ? docker : git).status;
}

/** What git itself reads for the host, in order. */
async function helpersOfGit(): Promise<readonly string[]> {
  const key = `credential.${ORIGIN}.helper`;
  const asked = ['config', '--file', pathOf('GIT'), '--null', '--get-all', key];
  const { stdout } = await run('git', asked).catch(() => ({ stdout: '' }));
  return stdout.split('\0').slice(0, -1);
}

const program = () => join(desktop.directory, 'credential-helpers/git-credential-latchkey');

describe('git: a file that git reads', () => {
  test.each([
    ['one CR LF among LF', '[user]\n\tname = Ada\r\n\temail = a@example.com\n'],
    ['one LF among CR LF', '[user]\r\n\tname = Ada\n\temail = a@example.com\r\n'],
    ['a byte order mark', '\uFEFF[user]\n\tname = Ada\n'],
    ['a byte order mark alone', '\uFEFF'],
    ['a line that goes on', '[alias]\n\tst = status \\\n  --short\n'],
    ['a last line that goes on', '[alias]\n\tst = status \\\n'],
    ['a backslash at the end', '[alias]\n\tst = status \\'],
    ['names in capitals', '[CREDENTIAL]\n\tHELPER = store\n[User]\n\tName = Ada\n'],
    ['a variable in its heading’s line', '[credential] helper = store\n[user] name = Ada'],
    ['brackets and remarks in quotes', '[a "b ] \\" c"]\n\tx = "[credential] # ; \\\\"\n'],
    ['a section in the old form', '[credential.Host]\n\tusername = ada\n'],
  ])('with %s becomes what it was, and works in between', async (_what, content) => {
    await put('GIT', content);
    await turnOn(desktop, 'GIT', HOSTS.GIT);
    expect((await helpersOfGit()).slice(-2)).toEqual(['', program()]);
    await turnOff(desktop, 'GIT');
    expect(await readFile(pathOf('GIT'), 'utf8')).toBe(content);
  });

  test.each<[string, (text: string) => string, string]>([
    [
      'CR LF in one line',
      (text) => text.replace('= Ada\n', '= Ada\r\n'),
      '[user]\n\tname = Ada\r\n',
    ],
    ['CR LF in all', (text) => text.replaceAll('\n', '\r\n'), '[user]\r\n\tname = Ada\r\n'],
    [
      'CR LF in ours',
      (text) => text.replace('helper =\n', 'helper =\r\n'),
      '[user]\n\tname = Ada\n',
    ],
    ['a byte order mark', (text) => `\uFEFF${text}`, '\uFEFF[user]\n\tname = Ada\n'],
    ['spaces for tabs', (text) => text.replaceAll('\t', '    '), '[user]\n    name = Ada\n'],
    [
      'capitals',
      (text) => text.replace('[credential', '[Credential').replaceAll('helper =', 'Helper ='),
      '[user]\n\tname = Ada\n',
    ],
    [
      'no spaces',
      (text) => text.replaceAll(' = ', '=').replace('helper =', 'helper='),
      '[user]\n\tname=Ada\n',
    ],
    [
      'quotes',
      (text) => text.replace(/helper = (\/.*)/, 'helper = "$1" ; ours'),
      '[user]\n\tname = Ada\n',
    ],
    [
      'a CR LF line that goes on',
      (text) => text.replace('helper = /', 'helper = \\\r\n/'),
      '[user]\n\tname = Ada\n',
    ],
    [
      'a line that goes on',
      (text) => text.replace('helper = /', 'helper = \\\n/'),
      '[user]\n\tname = Ada\n',
    ],
    [
      'one line',
      (text) => text.replace('"]\n\thelper =\n', '"] helper =\n'),
      '[user]\n\tname = Ada\n',
    ],
    [
      'another host',
      (text) => text.replace(ORIGIN, 'https://other.example.com/'),
      '[user]\n\tname = Ada\n',
    ],
    [
      'a second section',
      (text) => text + text.slice(text.indexOf('[cred')),
      '[user]\n\tname = Ada\n',
    ],
    [
      'a remark of theirs',
      (text) => text.replace('helper =\n', '# mine\n\thelper =\n'),
      `[user]\n\tname = Ada\n[credential "${ORIGIN}"]\n\t# mine\n`,
    ],
    [
      'an entry of theirs',
      (text) => `${text}\tusername = ada\n`,
      `[user]\n\tname = Ada\n[credential "${ORIGIN}"]\n\tusername = ada\n`,
    ],
  ])('and that an editor gave %s is rid of ours', async (_what, edit, left) => {
    await put('GIT', '[user]\n\tname = Ada\n');
    await turnOn(desktop, 'GIT', HOSTS.GIT);
    const before = await readFile(pathOf('GIT'), 'utf8');
    expect(edit(before)).not.toBe(before);
    await writeFile(pathOf('GIT'), edit(before));
    await turnOff(desktop, 'GIT');
    expect(await readFile(pathOf('GIT'), 'utf8')).toBe(left);
    expect([await statusOf('GIT'), existsSync(program())]).toEqual(['OFF', false]);
    const { stdout } = await run('git', ['config', '--file', pathOf('GIT'), '--list']);
    expect(stdout).not.toContain('latchkey');
  });
});

test.each<[IntegrationKind, (text: string) => string]>([
  ['GIT', (text) => `${text}[alias]\n\tkey = !${program()} get\n`],
  ['GIT', (text) => text.replace(/helper = (\/.*)/, `helper = "!'$1'"`)],
  ['DOCKER', () => '{"credsStore": "latchkey"}'],
])(
  '%s: while the file names the helper, it is not off and its program stays',
  async (kind, edit) => {
    await put(kind, kind === 'GIT' ? '[user]\n\tname = Ada\n' : '{}');
    await turnOn(desktop, kind, HOSTS[kind]);
    const edited = edit(await readFile(pathOf(kind), 'utf8'));
    await writeFile(pathOf(kind), edited);
    await expect(turnOff(desktop, kind)).rejects.toThrow('Take it out of the file');
    const { basis } = await basisOf(kind);
    expect(await desktop.core.answers.removeIntegration(kind, basis)).toMatchObject({ ok: false });
    expect(await readFile(pathOf(kind), 'utf8')).toBe(edited);
    expect(await statusOf(kind)).not.toBe('OFF');
    expect(existsSync(`${dirname(program())}/${kind.toLowerCase()}-credential-latchkey`)).toBe(
      true,
    );
    await put(kind, '');
    await turnOff(desktop, kind);
    expect(await statusOf(kind)).toBe('OFF');
  },
);

/** The fingerprint, as a preview that is allowed has it. */
async function basisOf(kind: IntegrationKind): Promise<{ basis: string }> {
  const shown = await desktop.core.answers.previewIntegration({ kind, hosts: HOSTS[kind] });
  if (!shown.ok) throw new Error(shown.problem.message);
  return shown.value;
}

test('a helper of others that is added after ours is told of, since it would be handed the token', async () => {
  await put('GIT', '');
  await turnOn(desktop, 'GIT', HOSTS.GIT);
  await run('git', ['config', '--file', pathOf('GIT'), 'credential.helper', 'store']);
  expect(await statusOf('GIT')).toBe('CHANGED');
  await turnOn(desktop, 'GIT', HOSTS.GIT);
  expect(await statusOf('GIT')).toBe('ON');
  await turnOff(desktop, 'GIT');
});

test.each(['GIT', 'DOCKER'] as const)(
  '%s: entries whose record was lost are neither off nor kept',
  async (kind) => {
    await put(kind, kind === 'GIT' ? '[user]\n\tname = Ada\n' : '{\n\t"auths": {}\n}\n');
    await turnOn(desktop, kind, HOSTS[kind]);
    const left = await readFile(pathOf(kind), 'utf8');
    await turnOff(desktop, kind);
    await writeFile(pathOf(kind), left);
    expect(await statusOf(kind)).toBe('CHANGED');
    await turnOn(desktop, kind, HOSTS[kind]);
    await turnOff(desktop, kind);
    expect(await readFile(pathOf(kind), 'utf8')).not.toContain('latchkey');
    expect(await statusOf(kind)).toBe('OFF');
  },
);

/** A registry that takes anybody, and the credentials that docker offered it. */
async function offeredByDocker(host: string, guarded: GuardedServer): Promise<readonly string[]> {
  await runAtHome(
    desktop,
    ['docker', 'manifest', 'inspect', '--insecure', `${host}/team/tiny`],
    '',
    {
      DOCKER_HOST: 'tcp://127.0.0.1:1',
    },
  );
  return guarded.offered.filter((credential) => credential !== undefined);
}

describe('docker: a file that docker reads', () => {
  const token = () => server.sessions.at(-1)?.token.secret;
  test.runIf(havePrograms('docker')).each([
    ['null for the helpers', '{"auths": {"x": {}}, "credHelpers": null}\n'],
    ['null for everything', '{"auths": null, "credsStore": null, "credHelpers": null}'],
    ['null for a registry', '{"auths": {"x": {}}, "credHelpers": {"HOST": null, "x": null}}'],
    ['another letter case', '{"auths": {"x": {}}, "CREDHelpers": {"gcr.io": "gcloud"}}'],
    ['nothing but null', 'null\n'],
    ['nothing but white space', ' \n\t'],
  ])('with %s becomes what it was, and works in between', async (_what, content) => {
    await using registry = await GuardedServer.start(
      (credential) => credential === `ada:${token()}`,
      (_request, response) => response.end('{}'),
    );
    const original = content.replace('HOST', registry.host);
    await put('DOCKER', original);
    await turnOn(desktop, 'DOCKER', [registry.host]);
    expect(await statusOf('DOCKER')).toBe('ON');
    expect(await offeredByDocker(registry.host, registry)).toContain(`ada:${token()}`);
    const changed = (await readFile(pathOf('DOCKER'), 'utf8')).replace(/\}\s*$/, ', "z": 1}');
    await writeFile(pathOf('DOCKER'), changed);
    await turnOff(desktop, 'DOCKER');
    const { z, ...left } = JSON.parse(await readFile(pathOf('DOCKER'), 'utf8'));
    const { credHelpers, ...before } = JSON.parse(original.trim() || '{}') ?? {};
    expect({ ...left, credHelpers: left.credHelpers ?? null }).toEqual({
      ...before,
      credHelpers: credHelpers ?? null,
    });
    await put('DOCKER', original);
    await turnOn(desktop, 'DOCKER', [registry.host]);
    await turnOff(desktop, 'DOCKER');
    expect(await readFile(pathOf('DOCKER'), 'utf8')).toBe(original);
  });

  test.each([
    '{"credHelpers": {"a": 5}}',
    '{"credHelpers": {"a": {}}}',
    '{"credHelpers": "pass"}',
    '{"credHelpers": false}',
    '{"credHelpers": {}, "credhelpers": {}}',
    '{"credHelpers": {}, "credHelpers": {}}',
    '{"credHelpers": {"a": "b", "a": "c"}}',
    '\uFEFF{}',
    '5',
    '{} {}',
  ])('is left alone where a change would not be read as meant: %s', async (content) => {
    await put('DOCKER', content);
    const shown = { kind: 'DOCKER', hosts: HOSTS.DOCKER } as const;
    expect(await desktop.core.answers.previewIntegration(shown)).toMatchObject({
      ok: false,
      problem: { code: 'CONFIG_MALFORMED' },
    });
    expect(await readFile(pathOf('DOCKER'), 'utf8')).toBe(content);
    await put('DOCKER', '');
  });
});

describe('a link', () => {
  test.each([
    ['to a file that is not there yet', 'later/gitconfig', '.gitconfig'],
    ['through a link to a file that is not there yet', 'link', 'link', 'later/gitconfig'],
  ])('%s is kept, and the file comes where it leads', async (_what, first, ...rest) => {
    await rm(pathOf('GIT'), { force: true });
    const end = join(desktop.homeDirectory, 'later/gitconfig');
    if (rest.length > 1) await symlink('later/gitconfig', join(desktop.homeDirectory, 'link'));
    await symlink(first, pathOf('GIT'));
    await turnOn(desktop, 'GIT', HOSTS.GIT);
    expect(await readlink(pathOf('GIT'))).toBe(first);
    expect(await readFile(end, 'utf8')).toContain('git-credential-latchkey');
    expect(await statusOf('GIT')).toBe('ON');
    await turnOff(desktop, 'GIT');
    expect(existsSync(end)).toBe(false);
    expect(await readlink(pathOf('GIT'))).toBe(first);
    await rm(pathOf('GIT'));
  });

  test('of a folder that is not there yet is kept', async () => {
    await rm(dirname(pathOf('DOCKER')), { recursive: true, force: true });
    await symlink('later/docker', dirname(pathOf('DOCKER')));
    await turnOn(desktop, 'DOCKER', HOSTS.DOCKER);
    expect(await readlink(dirname(pathOf('DOCKER')))).toBe('later/docker');
    await turnOff(desktop, 'DOCKER');
    expect(existsSync(join(desktop.homeDirectory, 'later/docker/config.json'))).toBe(false);
    await rm(dirname(pathOf('DOCKER')));
  });

  test.each([
    ['to itself', '.gitconfig'],
    ['to a folder', '.'],
    ['to a device', '/dev/null'],
  ])('%s is left alone', async (_what, target) => {
    await symlink(target, pathOf('GIT'));
    const outcome = await desktop.core.answers.previewIntegration({
      kind: 'GIT',
      hosts: HOSTS.GIT,
    });
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'CONFIG_UNREADABLE' } });
    expect((await lstat(pathOf('GIT'))).isSymbolicLink()).toBe(true);
    await rm(pathOf('GIT'));
  });
});
