import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALL, person } from './support/people.js';
import { haveOptional, havePrograms, run } from './support/programs.js';
import { REGISTRY_PROGRAMS, skopeo, startRegistry, useRealTime } from './support/registry.js';

describe.skipIf(!havePrograms(...REGISTRY_PROGRAMS))('through skopeo and a Docker registry', () => {
  test('a token pushes, pulls, lists and deletes as its scopes allow', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, image, folder } = registry;
    const alice = await person(latchkey, 'alice');
    const [all, read, readWrite] = await Promise.all([
      alice.token(ALL),
      alice.token(['READ']),
      alice.token(['READ', 'WRITE']),
    ]);
    const name = `docker://${host}/alice/tiny:v1`;
    const as = (token: { secret: string }) => `alice:${token.secret}`;
    const plain = '--tls-verify=false';
    const push = (token: { secret: string }) =>
      skopeo('copy', '--dest-creds', as(token), '--dest-tls-verify=false', image, name);
    const pull = (token: { secret: string }) =>
      skopeo('copy', '--src-creds', as(token), '--src-tls-verify=false', name, `dir:${folder}/out`);

    expect((await push(read)).code).not.toBe(0);
    expect(await push(readWrite)).toMatchObject({ code: 0 });
    expect(await pull(read)).toMatchObject({ code: 0 });
    expect(await skopeo('list-tags', plain, '--creds', as(read), name.slice(0, -3))).toMatchObject({
      code: 0,
      output: expect.stringContaining('"v1"'),
    });
    expect((await skopeo('delete', plain, '--creds', as(readWrite), name)).code).not.toBe(0);
    expect(await skopeo('delete', plain, '--creds', as(all), name)).toMatchObject({ code: 0 });
    expect((await pull(read)).code).not.toBe(0);
  });

  test('a refusal says why: removed in between, expired, switched to another name, not its namespace', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, image } = registry;
    const alice = await person(latchkey, 'alice');
    const bob = await person(latchkey, 'bob');
    const soon = new Date(latchkey.clock.now() + 3_600_000).toISOString();
    const [token, short, bobs] = await Promise.all([
      alice.token(ALL),
      alice.token(ALL, soon),
      bob.token(ALL),
    ]);
    const name = `docker://${host}/alice/tiny:v1`;
    const push = (creds: string, to = name) =>
      skopeo('copy', '--dest-creds', creds, '--dest-tls-verify=false', image, to);
    const inspect = (creds: string) =>
      skopeo('inspect', '--tls-verify=false', '--creds', creds, name);

    expect(await push(`alice:${token.secret}`)).toMatchObject({ code: 0 });
    expect((await inspect(`bob:${token.secret}`)).output).toContain(
      'does not belong to the account',
    );
    expect((await inspect(`bob:${bobs.secret}`)).output).toContain('bob has no READ in alice');
    expect((await push(`bob:${bobs.secret}`)).code).not.toBe(0);
    // Administrators see all, and write in their own namespace only.
    expect((await push(`alice:${token.secret}`, `docker://${host}/bob/tiny:v1`)).code).not.toBe(0);

    await alice.remove(token);
    expect((await inspect(`alice:${token.secret}`)).output).toContain('Deleted by alice');
    expect(await inspect(`alice:${short.secret}`)).toMatchObject({ code: 0 });
    latchkey.clock.advance(3_600_001);
    expect((await inspect(`alice:${short.secret}`)).output).toContain('This token expired at');
    expect((await inspect('alice:lkp_nothing')).output).toContain('not a valid access token');
  });

  test('a pull-only token copies on although a client asks for other repositories too', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, image, folder } = registry;
    const alice = await person(latchkey, 'alice');
    const bob = await person(latchkey, 'bob');
    const [all, read] = await Promise.all([bob.token(ALL), bob.token(['READ'])]);
    const bobs = `docker://${host}/bob/tiny:v1`;
    const alices = await alice.token(ALL);
    const push = (creds: string, to: string) =>
      skopeo('copy', '--dest-creds', creds, '--dest-tls-verify=false', image, to);
    await push(`alice:${alices.secret}`, `docker://${host}/alice/tiny:v1`);
    // skopeo remembers where it saw the layers and asks to mount them from there.
    expect(await push(`bob:${all.secret}`, bobs)).toMatchObject({ code: 0 });
    const from = ['--src-creds', `bob:${read.secret}`, '--src-tls-verify=false'];
    expect(await skopeo('copy', ...from, bobs, `dir:${folder}/out`)).toMatchObject({ code: 0 });

    const url = `${latchkey.url}/registry/token?scope=repository:bob/tiny:pull,push&scope=repository:alice/tiny:pull`;
    const authorization = `Basic ${btoa(`bob:${read.secret}`)}`;
    const answer = await (await fetch(url, { headers: { authorization } })).json();
    const claims = JSON.parse(atob((answer as { token: string }).token.split('.')[1] ?? ''));
    expect(claims.access).toEqual([{ type: 'repository', name: 'bob/tiny', actions: ['pull'] }]);
  });

  test('what a namespace made public is pulled without a token, until it is closed again', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, image } = registry;
    const alice = await person(latchkey, 'alice');
    const token = await alice.token(ALL);
    const name = `docker://${host}/alice/tiny:v1`;
    const open = (value: boolean) =>
      latchkey.ask(
        `mutation { setNamespacePublic(name: "alice", public: ${value}) { name public } }`,
        { secret: alice.sessionSecret },
      );
    const inspect = () => skopeo('inspect', '--tls-verify=false', '--no-creds', name);
    await skopeo(
      'copy',
      '--dest-creds',
      `alice:${token.secret}`,
      '--dest-tls-verify=false',
      image,
      name,
    );

    expect((await inspect()).code).not.toBe(0);
    expect(await open(true)).toEqual({ setNamespacePublic: { name: 'alice', public: true } });
    expect(await inspect()).toMatchObject({ code: 0 });
    const anonymousPush = ['--dest-no-creds', '--dest-tls-verify=false', image, name];
    expect((await skopeo('copy', ...anonymousPush)).code).not.toBe(0);
    await open(false);
    expect((await inspect()).code).not.toBe(0);
  });
});

const HAVE_DOCKER = havePrograms(...REGISTRY_PROGRAMS) && haveOptional('docker');
describe.skipIf(!HAVE_DOCKER)('through the docker command', () => {
  test('docker signs in by token, reads a manifest, is told why it is refused, and signs out', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, image, folder } = registry;
    const alice = await person(latchkey, 'alice');
    const token = await alice.token(ALL);
    const name = `${host}/alice/tiny:v1`;
    const creds = `alice:${token.secret}`;
    await skopeo(
      'copy',
      '--dest-creds',
      creds,
      '--dest-tls-verify=false',
      image,
      `docker://${name}`,
    );
    const config = await mkdtemp(join(folder, 'docker-'));
    await writeFile(join(config, 'config.json'), '{"auths":{"x":{}}}');
    const env = { DOCKER_CONFIG: config, DOCKER_HOST: 'unix:///nowhere.sock' };
    const docker = (args: string[], input = '') => run('docker', args, { env, input });
    const login = (secret: string) =>
      docker(['login', '-u', 'alice', '--password-stdin', host], secret);

    expect(await login(token.secret)).toMatchObject({
      code: 0,
      output: expect.stringContaining('Login Succeeded'),
    });
    const inspected = await docker(['manifest', 'inspect', '--insecure', name]);
    expect(inspected).toMatchObject({ code: 0 });
    useRealTime(latchkey);
    await latchkey.ask(
      'mutation ($input: UpdateAccessTokenInput!) { updateAccessToken(input: $input) { id } }',
      { secret: alice.sessionSecret, variables: { input: { id: token.id, active: false } } },
    );
    expect((await login(token.secret)).output).toContain(
      'unauthorized: This token is switched off',
    );
    expect(await docker(['logout', host])).toMatchObject({ code: 0 });
    expect(await readFile(join(config, 'config.json'), 'utf8')).not.toContain(host);
  });
});
