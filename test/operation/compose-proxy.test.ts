import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { havePrograms, start } from '../endpoints/support/programs.js';
import { Undo } from '../endpoints/support/undo.js';
import { startServer } from '../support/latchkey.js';
import { freePort } from '../support/programs/free-port.js';
import { until } from '../support/until.js';

/** What stands in for a server of which only its readiness matters. */
async function startStandIn(undo: Undo, readiness: number) {
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url !== '/readyz') asked++;
    response.writeHead(request.url === '/readyz' ? readiness : 200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  undo.defer(stop);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, stop, asked: () => asked };
}

/** Caddy with the example's file, but for the servers' addresses. */
async function startProxy(undo: Undo, servers: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-proxy-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const example = await readFile(
    new URL('../../deploy/Caddyfile.cluster', import.meta.url),
    'utf8',
  );
  const file = join(folder, 'Caddyfile');
  const moved = example.replace(
    'latchkey-1:4000 latchkey-2:4000 latchkey-3:4000',
    servers.join(' '),
  );
  await writeFile(file, `{\n  admin off\n}\n${moved}`);
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = [`LATCHKEY_HOST=${url}`, `XDG_CONFIG_HOME=${folder}`, `XDG_DATA_HOME=${folder}`];
  const command = [...env, 'caddy', 'run', '--config', file];
  const caddy = await start('env', command, async () => (await fetch(url)).ok);
  undo.defer(() => caddy[Symbol.asyncDispose]());
  return url;
}

describe.skipIf(!havePrograms('caddy'))('the proxy of the example of a cluster', () => {
  const undo = new Undo();
  afterEach(() => undo.dispose());

  test('leaves out a server that is not ready, and loses no request to one that is gone', async () => {
    const latchkey = await startServer();
    undo.defer(() => latchkey[Symbol.asyncDispose]());
    const unready = await startStandIn(undo, 503);
    const leaving = await startStandIn(undo, 200);
    const hosts = [new URL(latchkey.url).host, unready.host, leaving.host];
    const url = await startProxy(undo, hosts);
    const statuses = async () => {
      const seen = new Set<number>();
      for (let count = 0; count < 30; count++) seen.add((await fetch(`${url}/healthz`)).status);
      return [...seen];
    };

    await until('the one that is not ready is left out', 20_000, async () => {
      const before = unready.asked();
      expect(await statuses()).toEqual([200]);
      return unready.asked() === before;
    });
    expect(leaving.asked()).toBeGreaterThan(0);
    await leaving.stop();
    expect(await statuses()).toEqual([200]);
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
  });
});
