import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { haveOptional, havePrograms, run, start } from '../endpoints/support/programs.js';
import { makeImage } from '../endpoints/support/registry.js';
import { Undo } from '../endpoints/support/undo.js';
import { blocksOf, readPage } from '../support/documented.js';
import { createToken, signedUp } from '../support/people.js';
import { makeHome } from '../support/process.js';
import { freePort } from '../support/programs/free-port.js';

/** What needs a network or docker's daemon; `docker login` at its prompt has a test of its own. */
const NOT_RUN = /^(git clone|docker pull |docker login \S+ --username alice$)/m;

// 2.8 is Debian's; distribution 3.x calls its program `registry`.
const lines = ['docker-registry', 'registry'].filter((program) =>
  program === 'registry' ? haveOptional(program) : havePrograms(program),
);
const missing = !havePrograms('skopeo', 'curl') || !haveOptional('docker');

describe.skipIf(missing)('the page on Docker registries, from an empty folder', () => {
  test.each(lines)('every command does what it says, in order, with %s', async (program) => {
    const undo = new Undo();
    await using home = await makeHome();
    try {
      const [port, registryPort] = [String(await freePort()), String(await freePort())];
      const moved = (text: string) =>
        text.replaceAll(':4000', `:${port}`).replaceAll(':5000', `:${registryPort}`);
      const page = moved(await readPage('docs/docker-registry.md'));
      const [prelude = ''] = blocksOf(moved(await readPage('docs/graphql.md')), 'sh');
      const [config = ''] = blocksOf(page, 'yaml');
      await writeFile(join(home.folder, 'registry.yml'), config);
      await makeImage(join(home.folder, 'image'));
      await mkdir(join(home.folder, 'docker'));
      await writeFile(join(home.folder, 'docker', 'config.json'), '{"auths":{"x":{}}}');
      const env: Record<string, string> = {
        DOCKER_CONFIG: join(home.folder, 'docker'),
        DOCKER_HOST: 'unix:///nowhere.sock',
        OTEL_TRACES_EXPORTER: 'none',
      };

      const done: string[] = [];
      for (const block of blocksOf(page, 'sh')) {
        if (NOT_RUN.test(block)) continue;
        done.push(block);
        if (block.includes('npm start')) {
          const settings = [...block.matchAll(/^export (\w+)=(\S+)$/gm)];
          const server = await home.start({
            ...Object.fromEntries(settings.map(([, name = '', value = '']) => [name, value])),
            PORT: port,
          });
          const { sessionSecret } = await signedUp(server, 'alice');
          const scopes = ['READ', 'WRITE'];
          env['SESSION'] = sessionSecret;
          env['TOKEN'] = (await createToken(server, sessionSecret, { scopes })).secret;
        } else if (/^\S+ serve /.test(block)) {
          const [named = '', ...args] = block.trim().split(' ');
          if (named !== program) continue;
          const command = ['-C', home.folder, program, ...args];
          const isUp = async () =>
            (await fetch(`http://127.0.0.1:${registryPort}/v2/`)).status === 401;
          const registry = await start('env', command, isUp);
          undo.defer(() => registry[Symbol.asyncDispose]());
        } else {
          const script = `set -e\n${prelude}\n${block}`;
          const { code, output } = await run('bash', ['-c', script], { env, cwd: home.folder });
          expect([block, code, output]).toEqual([
            block,
            0,
            expect.not.stringContaining('"errors"'),
          ]);
        }
      }
      // Each step of the page was there to be done.
      for (const step of ['npm start', 'serve', 'docker login', 'skopeo copy --dest', 'rotate']) {
        expect(done.some((block) => block.includes(step))).toBe(true);
      }
    } finally {
      await undo.dispose();
    }
  });
});
