import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { requireProgram } from '../support/programs/find-program.js';
import { person } from './support/people.js';
import { haveOptional, havePrograms, type Output, run } from './support/programs.js';
import { REGISTRY_PROGRAMS, startRegistry } from './support/registry.js';

/** Runs `command` on a terminal of its own, as somebody who types each answer when the prompt before it appears. */
async function typeAtPrompts(
  command: string,
  answers: readonly (readonly [prompt: string, answer: string])[],
  env: Readonly<Record<string, string>>,
): Promise<Output> {
  const options = ['--quiet', '--return', '--command', command, '/dev/null'];
  const child = spawn(requireProgram('script'), options, {
    env: { ...process.env, ...env },
    timeout: 30_000,
  });
  const left = [...answers];
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    const [next] = left;
    if (next === undefined || !output.includes(next[0])) return;
    left.shift();
    child.stdin.write(`${next[1]}\n`);
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

// No daemon: docker then signs in by itself.
const dockerEnv = (config: string) => ({
  DOCKER_CONFIG: config,
  DOCKER_HOST: 'unix:///nowhere.sock',
});

const loginAs = (
  username: string,
  secret: string,
  host: string,
  env: Readonly<Record<string, string>>,
) =>
  typeAtPrompts(
    `docker login ${host}`,
    [
      ['Username', username],
      ['Password', secret],
    ],
    env,
  );

const missing = !havePrograms(...REGISTRY_PROGRAMS, 'script') || !haveOptional('docker');

describe.skipIf(missing)('docker login at a terminal', () => {
  test('takes the token where it asks for a password, shows it nowhere, and says why another is refused', async () => {
    await using registry = await startRegistry();
    const { latchkey, host, folder } = registry;
    const alice = await person(latchkey, 'alice');
    const [token, removed] = [await alice.token(), await alice.token()];
    await alice.remove(removed);
    const config = await mkdtemp(join(folder, 'docker-'));
    await writeFile(join(config, 'config.json'), '{"auths":{"x":{}}}');
    const env = dockerEnv(config);
    const login = (secret: string) => loginAs('alice', secret, host, env);

    const refused = await login(removed.secret);
    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringContaining('unauthorized: This token was removed'),
    });
    const done = await login(token.secret);
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('Login Succeeded') });
    expect(refused.output + done.output).not.toMatch(/lkp_[0-9A-Za-z]/);

    const stored = await readFile(join(config, 'config.json'), 'utf8');
    expect(stored).toContain(btoa(`alice:${token.secret}`));
    expect(await run('docker', ['logout', host], { env })).toMatchObject({ code: 0 });
  });

  test('says so where the registry is set up for another service', async () => {
    await using latchkey = await startServer({ LATCHKEY_REGISTRY_SERVICE: 'another' });
    const { secret } = await (await person(latchkey, 'alice')).token();
    await using registry = await startRegistry(latchkey);
    const config = await mkdtemp(join(registry.folder, 'docker-'));
    expect(await loginAs('alice', secret, registry.host, dockerEnv(config))).toMatchObject({
      code: 1,
      output: expect.stringContaining(
        'unsupported: This server issues tokens for the registry another',
      ),
    });
  });
});
