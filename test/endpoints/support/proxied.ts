import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { blocksOf, readPage } from '../../support/documented.js';
import { startServer, type TestServer } from '../../support/latchkey.js';
import { freePort } from '../../support/programs/free-port.js';
import { start } from './programs.js';
import type { Undo } from './undo.js';

/** What reached the application behind the proxy. */
interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Proxied {
  readonly latchkey: TestServer;
  stopLatchkey(): PromiseLike<void>;
  /** Where the proxy listens. */
  readonly url: string;
  readonly arrived: readonly Arrived[];
}

async function startApplication(undo: Undo) {
  const arrived: Arrived[] = [];
  const application = createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
    const { method, url, headers } = request;
    arrived.push({ method, url, headers, body: await text(request) });
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

/** The example of docs/forward-auth.md for a proxy. @param preflights whether with its part that lets preflights through */
async function documented(kind: 'nginx' | 'caddyfile', preflights: boolean): Promise<string> {
  const page = await readPage('docs/forward-auth.md');
  const [example = ''] = blocksOf(page, kind);
  if (!preflights) return example;
  const [inside = ''] = blocksOf(page, `${kind}-preflight`);
  if (kind === 'caddyfile')
    return example.replace('  forward_auth', `${inside}  forward_auth @asked`);
  const [beside = ''] = blocksOf(page, 'nginx-preflight-location');
  return example
    .replace('location / {\n', `location / {\n${inside}`)
    .replace(/\}\n$/, `${beside}}\n`);
}

/** A proxy before an application, configured exactly as the documentation says but for its addresses. */
export async function startProxied(
  undo: Undo,
  kind: 'nginx' | 'caddyfile',
  { preflights = false } = {},
): Promise<Proxied> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-proxy-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const latchkey = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  let stopped: PromiseLike<void> | undefined;
  const stopLatchkey = () => (stopped ??= latchkey[Symbol.asyncDispose]());
  undo.defer(async () => stopLatchkey());
  const { arrived, host } = await startApplication(undo);
  const listen = `127.0.0.1:${await freePort()}`;
  const url = `http://${listen}`;
  const example = (await documented(kind, preflights))
    .replaceAll('127.0.0.1:4000', new URL(latchkey.url).host)
    .replaceAll('127.0.0.1:3000', host);
  const file = join(folder, 'config');
  const isUp = async () => (await fetch(url)).status === 401;
  if (kind === 'nginx') {
    await writeFile(file, nginxAround(folder, example.replace('127.0.0.1:8080', listen)));
    const nginx = await start('nginx', ['-c', file, '-e', join(folder, 'error.log')], isUp);
    undo.defer(() => nginx[Symbol.asyncDispose]());
  } else {
    await writeFile(file, `{\n  admin off\n}\n${example.replace(':8080', url)}`);
    const homes = [`XDG_CONFIG_HOME=${folder}`, `XDG_DATA_HOME=${folder}`];
    const command = [...homes, 'caddy', 'run', '--config', file, '--adapter', 'caddyfile'];
    const caddy = await start('env', command, isUp);
    undo.defer(() => caddy[Symbol.asyncDispose]());
  }
  return { latchkey, stopLatchkey, url, arrived };
}

/** A whole configuration of nginx around a documented part; what it writes goes to `folder`. */
export function nginxAround(folder: string, part: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join('\n');
  return `daemon off; user root; worker_processes 1; pid ${folder}/nginx.pid;
events {}
http {
access_log off; error_log ${folder}/error.log;
${temporary}
${part}
}`;
}
