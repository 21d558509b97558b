import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { havePrograms } from '../endpoints/support/programs.js';
import { GuardedServer, runAtHome, turnOff, turnOn } from '../support/credential-helper.js';
import { DesktopCore } from '../support/desktop-core.js';
import { FakeLatchkey } from '../support/fake-latchkey.js';

const TYPED = 'lkp_typed-by-hand';

const dockerTest = test.runIf(havePrograms('docker'));
const skopeoTest = test.runIf(havePrograms('skopeo'));

/** Somebody signed in, a registry that takes the session's live token (or a typed one), and docker's configuration. */
async function setUp() {
  const server = await FakeLatchkey.start();
  const desktop = await DesktopCore.start();
  await desktop.signIn(server.address);
  await desktop.untilOnline();
  const liveToken = () => {
    const session = server.sessions.at(-1);
    return session === undefined || session.isOver || session.token.removedAt !== null
      ? undefined
      : session.token;
  };
  const registry = await GuardedServer.start(
    (credential) => [`ada:${liveToken()?.secret}`, `ada:${TYPED}`].includes(credential),
    (_request, response) => {
      response.setHeader('docker-distribution-api-version', 'registry/2.0');
      response.setHeader('content-type', 'application/json');
      response.end('{"name":"team/tiny","tags":["v1"]}');
    },
  );
  const configFile = join(desktop.homeDirectory, '.docker/config.json');
  await mkdir(join(desktop.homeDirectory, '.docker'), { recursive: true });
  await writeFile(configFile, '{"auths":{"x":{}}}');
  return {
    server,
    desktop,
    registry,
    configFile,
    docker: (...parameters: string[]) =>
      // No daemon: docker then signs in by itself.
      runAtHome(desktop, ['docker', ...parameters], '', { DOCKER_HOST: 'tcp://127.0.0.1:1' }),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await desktop[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** As much of the daemon as `docker login` asks: it is what tries a credential that docker had already. */
async function startDaemon() {
  const received: unknown[] = [];
  const daemon = createServer(async (request, response) => {
    const isLogin = request.url?.endsWith('/auth');
    if (isLogin) received.push(await json(request));
    response.setHeader('content-type', 'application/json');
    response.end(isLogin ? '{"Status":"Login Succeeded"}' : '{}');
  });
  daemon.listen(0, '127.0.0.1');
  await once(daemon, 'listening');
  return {
    received,
    environment: { DOCKER_HOST: `tcp://127.0.0.1:${(daemon.address() as AddressInfo).port}` },
    async [Symbol.asyncDispose]() {
      daemon.closeAllConnections();
      await new Promise((resolve) => daemon.close(resolve));
    },
  };
}

dockerTest('docker login needs no password, and leaves nothing on the disk', async () => {
  await using at = await setUp();
  await using daemon = await startDaemon();
  const { host } = at.registry;
  await turnOn(at.desktop, 'DOCKER', [host]);
  const login = await runAtHome(at.desktop, ['docker', 'login', host], '', daemon.environment);
  expect(login).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Login Succeeded') });
  const secret = at.server.sessions[0]?.token.secret;
  expect(daemon.received).toMatchObject([{ username: 'ada', password: secret }]);
  const encoded = Buffer.from(`ada:${secret}`).toString('base64');
  expect(await readFile(at.configFile, 'utf8')).not.toContain(encoded);
  expect(await at.docker('logout', host)).toMatchObject({ exitCode: 0 });
  await turnOff(at.desktop, 'DOCKER');
  expect(JSON.parse(await readFile(at.configFile, 'utf8'))).toEqual({ auths: { x: {} } });
});

dockerTest('docker login with a typed secret is not broken, and keeps none', async () => {
  await using at = await setUp();
  const { host } = at.registry;
  await turnOn(at.desktop, 'DOCKER', [host]);
  await at.desktop.core.stop();
  const login = await runAtHome(
    at.desktop,
    ['docker', 'login', '--username', 'ada', '--password-stdin', host],
    TYPED,
    { DOCKER_HOST: 'tcp://127.0.0.1:1' },
  );
  expect(login).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Login Succeeded') });
  expect(login.stderr).toContain('What was typed is not kept');
  const config = await readFile(at.configFile, 'utf8');
  expect(config).not.toContain(Buffer.from(`ada:${TYPED}`).toString('base64'));
  expect(await at.docker('logout', host)).toMatchObject({ exitCode: 0 });
});

dockerTest('a token that was deleted meanwhile is made anew for docker', async () => {
  await using at = await setUp();
  const { host } = at.registry;
  await turnOn(at.desktop, 'DOCKER', [host]);
  const before = at.server.sessions[0]?.token;
  if (before === undefined) throw new Error('Nobody signed in.');
  at.server.removeToken(before, 'DELETED', null);
  await at.desktop.until(() => at.desktop.notices.length > 0);
  await at.docker('manifest', 'inspect', '--insecure', `${host}/team/tiny:v1`);
  const offered = at.registry.offered.filter((credential) => credential !== undefined);
  expect(new Set(offered)).toEqual(new Set([`ada:${at.server.sessions[0]?.token.secret}`]));
  expect(offered).not.toContain(`ada:${before.secret}`);
});

dockerTest('signed out, docker asks nobody and nothing is offered to the registry', async () => {
  await using at = await setUp();
  const { host } = at.registry;
  await turnOn(at.desktop, 'DOCKER', [host]);
  await at.desktop.core.answers.signOut();
  const pull = await at.docker('manifest', 'inspect', '--insecure', `${host}/team/tiny:v1`);
  expect(pull.exitCode).toBe(1);
  expect(at.registry.offered.length).toBeGreaterThan(0);
  expect(at.registry.offered.filter((credential) => credential !== undefined)).toEqual([]);
});

dockerTest('a registry that was not turned on is not touched', async () => {
  await using at = await setUp();
  await using other = await GuardedServer.start(
    (credential) => credential === 'grace:hers',
    (_request, response) => response.end('{}'),
  );
  await turnOn(at.desktop, 'DOCKER', [at.registry.host]);
  const login = await runAtHome(
    at.desktop,
    ['docker', 'login', '--username', 'grace', '--password-stdin', other.host],
    'hers',
    { DOCKER_HOST: 'tcp://127.0.0.1:1' },
  );
  expect(login).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(await readFile(at.configFile, 'utf8')).auths[other.host]).toEqual({
    auth: Buffer.from('grace:hers').toString('base64'),
  });
});

skopeoTest('skopeo asks through credHelpers, and logs out', async () => {
  await using at = await setUp();
  const { host } = at.registry;
  await turnOn(at.desktop, 'DOCKER', [host]);
  const skopeo = (...parameters: string[]) =>
    runAtHome(at.desktop, ['skopeo', ...parameters], '', {
      DOCKER_CONFIG: join(at.desktop.homeDirectory, '.docker'),
    });
  const list = ['list-tags', '--tls-verify=false', `docker://${host}/team/tiny`];
  const tags = await skopeo(...list);
  expect(tags).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(tags.stdout).Tags).toEqual(['v1']);
  const logout = await skopeo('logout', '--authfile', at.configFile, host);
  expect(logout).toMatchObject({ exitCode: 0 });
  await at.desktop.core.answers.signOut();
  expect((await skopeo(...list)).exitCode).toBe(1);
});
