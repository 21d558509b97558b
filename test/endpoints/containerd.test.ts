import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { usesOf } from '../support/uses.js';
import { person } from './support/people.js';
import { havePrograms, run, start } from './support/programs.js';
import { REGISTRY_PROGRAMS, skopeo, startRegistry } from './support/registry.js';
import { Undo } from './support/undo.js';

const PROGRAMS = [...REGISTRY_PROGRAMS, 'containerd', 'ctr'];

/** containerd without what runs containers. @returns its command line, as somebody with that credential */
async function startContainerd(undo: Undo) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-containerd-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const socket = join(folder, 'c.sock');
  const config = join(folder, 'config.toml');
  await writeFile(
    config,
    `version = 2
root = "${folder}/root"
state = "${folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "${socket}"
[ttrpc]
address = "${folder}/t.sock"
[plugins."io.containerd.internal.v1.opt"]
path = "${folder}/opt"
`,
  );
  const containerd = await start('containerd', ['-c', config], async () => {
    const version = await run('ctr', ['-a', socket, 'version']);
    return (await stat(socket)).isSocket() && version.code === 0;
  });
  undo.defer(() => containerd[Symbol.asyncDispose]());
  return (credential: string, ...command: readonly string[]) => {
    const [group = '', verb = '', ...names] = command;
    const options = ['--plain-http', '--user', credential];
    return run('ctr', ['-a', socket, group, verb, ...options, ...names]);
  };
}

describe.skipIf(!havePrograms(...PROGRAMS))('through containerd and a Docker registry', () => {
  const undo = new Undo();
  afterEach(() => undo.dispose());

  test('a token pulls and pushes as its scopes allow, and no more once it is removed', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, image } = registry;
    const alice = await person(latchkey, 'alice');
    const [read, write] = [await alice.token(['READ']), await alice.token(['READ', 'WRITE'])];
    const [name, copy] = [`${host}/alice/tiny:v1`, `${host}/alice/copy:v1`];
    const target = ['--dest-creds', `alice:${write.secret}`, '--dest-tls-verify=false'];
    expect(await skopeo('copy', ...target, image, `docker://${name}`)).toMatchObject({ code: 0 });
    const ctr = await startContainerd(undo);

    const fetchAs = (credential: string) => ctr(credential, 'content', 'fetch', name);
    expect((await fetchAs(`alice:${read.secret}0`)).code).not.toBe(0);
    expect((await fetchAs(`bob:${read.secret}`)).code).not.toBe(0);
    expect(await fetchAs(`alice:${read.secret}`)).toMatchObject({ code: 0 });
    const pushAs = (token: { secret: string }) =>
      ctr(`alice:${token.secret}`, 'images', 'push', copy, name);
    expect((await pushAs(read)).code).not.toBe(0);
    expect(await pushAs(write)).toMatchObject({ code: 0 });
    await alice.remove(write);
    expect(await pushAs(write)).toMatchObject({
      code: 1,
      output: expect.stringContaining('401 Unauthorized'),
    });

    const { uses } = await usesOf(latchkey, alice.sessionSecret, {
      filter: { accessTokenId: read.id },
    });
    expect(uses).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          endpoint: 'REGISTRY',
          outcome: 'ALLOWED',
          action: 'pull',
          resource: 'alice/tiny',
          userAgent: expect.stringContaining('containerd'),
        }),
      ]),
    );
  });
});
