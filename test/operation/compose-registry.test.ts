import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { person } from '../endpoints/support/people.js';
import { haveOptional, havePrograms, run, start } from '../endpoints/support/programs.js';
import { makeImage, skopeo, useRealTime } from '../endpoints/support/registry.js';
import { Undo } from '../endpoints/support/undo.js';
import { startServer } from '../support/latchkey.js';
import { freePort } from '../support/programs/free-port.js';

const read = (name: string) => readFile(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

/**
 * The programs of the small compose example with its own files, without containers: other ports, other folders, and the
 * services' names in this machine's address.
 */
async function startExample(undo: Undo, registryProgram: string) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-compose-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const [site, registrySite, registryPort] = [await freePort(), await freePort(), await freePort()];
  const keys = join(folder, 'registry-keys');
  const moved = (text: string) =>
    text
      .replaceAll('/registry-keys', keys)
      .replaceAll('/var/lib/registry', join(folder, 'images'))
      .replaceAll('registry:5000', `127.0.0.1:${registryPort}`)
      .replaceAll('addr: ":5000"', `addr: "127.0.0.1:${registryPort}"`)
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is compose's, not ours
      .replaceAll('${REGISTRY_HOST:-localhost:5443}', `localhost:${registrySite}`)
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is compose's, not ours
      .replaceAll('${LATCHKEY_HOST:-localhost}', `localhost:${site}`);
  const { services } = parse(moved(await read('compose.yaml'))) as {
    services: Record<'latchkey' | 'registry' | 'proxy', { environment: Record<string, string> }>;
  };

  const latchkey = await startServer({
    NODE_ENV: 'production',
    ...services.latchkey.environment,
    LATCHKEY_TRUSTED_PROXIES: '127.0.0.1,::1',
  });
  undo.defer(() => latchkey[Symbol.asyncDispose]());
  useRealTime(latchkey);

  const registryFile = join(folder, 'registry.yml');
  await writeFile(registryFile, moved(await read('registry.yml')));
  await mkdir(join(folder, 'images'));
  const settings = Object.entries(services.registry.environment).map((pair) => pair.join('='));
  const registry = await start(
    'env',
    [...settings, 'OTEL_TRACES_EXPORTER=none', registryProgram, 'serve', registryFile],
    async () => (await fetch(`http://127.0.0.1:${registryPort}/v2/`)).status === 401,
  );
  undo.defer(() => registry[Symbol.asyncDispose]());

  const caddyFile = join(folder, 'Caddyfile');
  const caddyText = moved(await read('Caddyfile'))
    .replace('latchkey:4000', new URL(latchkey.url).host)
    .replace('skip_install_trust', `skip_install_trust\nadmin off\nhttp_port ${await freePort()}`);
  await writeFile(caddyFile, caddyText);
  const env = Object.entries({ ...services.proxy.environment, XDG_DATA_HOME: folder });
  const homes = [...env.map((pair) => pair.join('=')), `XDG_CONFIG_HOME=${folder}`];
  const ready = ['-sfk', `https://localhost:${site}/readyz`];
  const caddy = await start(
    'env',
    [...homes, 'caddy', 'run', '--config', caddyFile],
    async () => (await run('curl', ready)).code === 0,
  );
  undo.defer(() => caddy[Symbol.asyncDispose]());
  return { latchkey, folder, site: `https://localhost:${site}`, host: `localhost:${registrySite}` };
}

// 2.8 is Debian's; the image of 3.x calls its program `registry`.
const lines = ['docker-registry', 'registry'].filter((program) =>
  program === 'registry' ? haveOptional(program) : havePrograms(program),
);
const missing = !havePrograms('caddy', 'skopeo', 'curl') || !haveOptional('docker');

describe.skipIf(missing)('the small compose example without its containers', () => {
  test.each(lines)(
    'a token signs docker in, and pushes and pulls over TLS, with %s',
    async (program) => {
      const undo = new Undo();
      try {
        const { latchkey, folder, site, host } = await startExample(undo, program);
        const { secret } = await (await person(latchkey, 'alice')).token();
        const info = await latchkey.ask('{ serverInfo { registryHost } }');
        expect(info.serverInfo.registryHost).toBe(host);
        expect((await run('curl', ['-sk', `${site}/metrics`, '-w', '%{http_code}'])).output).toBe(
          '404',
        );

        const docker = join(folder, 'docker');
        await mkdir(docker);
        await writeFile(join(docker, 'config.json'), '{"auths":{"x":{}}}');
        const env = { DOCKER_CONFIG: docker, DOCKER_HOST: 'unix:///nowhere.sock' };
        const login = ['login', host, '--username', 'alice', '--password-stdin'];
        expect(await run('docker', login, { env, input: secret })).toMatchObject({
          code: 0,
          output: expect.stringContaining('Login Succeeded'),
        });

        const image = await makeImage(join(folder, 'image'));
        const name = `docker://${host}/alice/tiny:v1`;
        const creds = `alice:${secret}`;
        const push = ['copy', '--dest-creds', creds, '--dest-tls-verify=false', image, name];
        expect(await skopeo(...push)).toMatchObject({ code: 0 });
        const pull = ['copy', '--src-creds', creds, '--src-tls-verify=false', name];
        expect(await skopeo(...pull, `dir:${folder}/out`)).toMatchObject({ code: 0 });
        const list = await run('curl', ['-sk', '-u', creds, `${site}/api/v0/repositories`]);
        expect(list.output).toContain('alice');
      } finally {
        await undo.dispose();
      }
    },
  );
});
