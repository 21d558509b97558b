import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { havePrograms } from '../endpoints/support/programs.js';
import { REGISTRY_PROGRAMS, startRegistry } from '../endpoints/support/registry.js';
import { runAtHome, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { SIGN_UP, signUpRequest } from '../support/people.js';

const USES = '{ usageEvents { edges { node { endpoint action resource outcome } } } }';

describe.skipIf(!havePrograms(...REGISTRY_PROGRAMS, 'docker'))('through a Docker registry', () => {
  test('skopeo and docker pull with the session’s token, and after signing out they fail and say why', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, image, folder } = registry;
    await latchkey.ask(SIGN_UP, signUpRequest('ada', 'correct horse battery'));
    await using desktop = await DesktopCore.start();
    const docker = join(desktop.homeDirectory, '.docker');
    await mkdir(docker, { recursive: true });
    await writeFile(join(docker, 'config.json'), '{"auths":{"x":{}}}');
    expect(await desktop.signIn(latchkey.url)).toMatchObject({ ok: true });
    await desktop.untilOnline();
    await turnOn(desktop, 'DOCKER', [host]);
    const copy = (from: string, to: string) =>
      runAtHome(
        desktop,
        [
          'skopeo',
          '--insecure-policy',
          'copy',
          '--src-tls-verify=false',
          '--dest-tls-verify=false',
          from,
          to,
        ],
        '',
        { DOCKER_CONFIG: docker },
      );
    const name = `${host}/ada/tiny:v1`;
    const pull = () => copy(`docker://${name}`, `dir:${join(folder, 'out')}`);
    const inspect = () => runAtHome(desktop, ['docker', 'manifest', 'inspect', '--insecure', name]);

    expect(await copy(image, `docker://${name}`)).toMatchObject({ exitCode: 0 });
    expect(await pull()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await inspect()).toMatchObject({ exitCode: 0, stderr: '' });
    const uses = await desktop.core.answers.execute({ query: USES });
    expect(uses).toMatchObject({
      ok: true,
      data: {
        usageEvents: {
          edges: expect.arrayContaining([
            {
              node: {
                endpoint: 'REGISTRY',
                action: 'pull',
                resource: 'ada/tiny',
                outcome: 'ALLOWED',
              },
            },
          ]),
        },
      },
    });

    await desktop.core.answers.signOut();
    const reason = `Latchkey gives nothing for ${host}. You are signed out. Sign in to go on.\n`;
    for (const refused of [await pull(), await inspect()]) {
      expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(reason) });
    }
    expect(await desktop.signIn(latchkey.url)).toMatchObject({ ok: true });
    expect(await pull()).toMatchObject({ exitCode: 0, stderr: '' });
  });
});
