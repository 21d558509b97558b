import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { startServer } from '../support/latchkey.js';
import { freePort } from '../support/programs/free-port.js';
import { usesOf } from '../support/uses.js';
import { basic, bearer, person } from './support/people.js';
import { havePrograms, start } from './support/programs.js';
import { Undo } from './support/undo.js';

/** What reached the application behind the proxy. */
interface Arrived {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function startApplication(undo: Undo) {
  const arrived: Arrived[] = [];
  const application = createServer(async (request, response) => {
    const { method, headers } = request;
    arrived.push({ method, headers, body: await text(request) });
    response.end('the application');
  });
  application.listen(0, '127.0.0.1');
  await once(application, 'listening');
  undo.defer(async () => {
    application.closeAllConnections();
    await new Promise((resolve) => application.close(resolve));
  });
  return { arrived, host: `127.0.0.1:${(application.address() as AddressInfo).port}` };
}

/** Caddy before an application, configured exactly as the documentation says but for its addresses. */
async function startCaddy(undo: Undo) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-caddy-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const latchkey = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  undo.defer(() => latchkey[Symbol.asyncDispose]());
  const application = await startApplication(undo);
  const page = await readFile(new URL('../../docs/forward-auth.md', import.meta.url), 'utf8');
  const documented = /```caddyfile\n(.*?)```/s.exec(page)?.[1] ?? '';
  const url = `http://127.0.0.1:${await freePort()}`;
  const file = join(folder, 'Caddyfile');
  await writeFile(
    file,
    `{
  admin off
}
${documented
  .replace(':8080', url)
  .replace('127.0.0.1:4000', latchkey.url)
  .replace('127.0.0.1:3000', application.host)}`,
  );
  const homes = [`XDG_CONFIG_HOME=${folder}`, `XDG_DATA_HOME=${folder}`];
  const command = [...homes, 'caddy', 'run', '--config', file];
  const caddy = await start('env', command, async () => (await fetch(url)).status === 401);
  undo.defer(() => caddy[Symbol.asyncDispose]());
  return { latchkey, url, arrived: application.arrived };
}

describe.skipIf(!havePrograms('caddy'))('through Caddy', () => {
  const undo = new Undo();
  afterEach(() => undo.dispose());

  test('a good token reaches the application under its account’s name, and nothing else does', async () => {
    const { latchkey, url, arrived } = await startCaddy(undo);
    const alice = await person(latchkey, 'alice');
    const { id, secret } = await alice.token(['READ']);
    const writeOnly = await alice.token(['WRITE']);
    const removed = await alice.token();
    await alice.remove(removed);

    const nobody = await fetch(url);
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get('www-authenticate')).toContain('Basic realm="Latchkey"');
    const late = await fetch(url, { headers: bearer(removed.secret) });
    expect(late.status).toBe(401);
    expect(late.headers.get('www-authenticate')).toContain('This token was removed');
    expect((await fetch(url, { headers: bearer(writeOnly.secret) })).status).toBe(403);
    expect((await fetch(url, { headers: { 'x-auth-user': 'alice' } })).status).toBe(401);
    expect(arrived).toEqual([]);

    const posted = await fetch(`${url}/files/a?b=c`, {
      method: 'POST',
      body: 'the body',
      headers: { ...basic('alice', secret), 'x-auth-user': 'root', 'x-auth-scopes': 'DELETE' },
    });
    expect(await posted.text()).toBe('the application');
    expect(arrived).toMatchObject([
      {
        method: 'POST',
        body: 'the body',
        headers: { 'x-auth-user': 'alice', 'x-auth-token-id': id, 'x-auth-scopes': 'READ' },
      },
    ]);
    const { uses } = await usesOf(latchkey, alice.sessionSecret, {
      filter: { accessTokenId: id },
    });
    expect(uses).toMatchObject([
      { endpoint: 'FORWARD_AUTH', action: 'POST', resource: '/files/a', ipAddress: '127.0.0.1' },
    ]);
  });
});
