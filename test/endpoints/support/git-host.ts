import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type TestServer } from '../../support/latchkey.js';
import { freePort } from '../../support/programs/free-port.js';
import { run, start } from './programs.js';
import { nginxAround } from './proxied.js';

export const GIT_PROGRAMS = ['nginx', 'fcgiwrap', 'git'] as const;

export interface GitHost {
  readonly latchkey: TestServer;
  /** `127.0.0.1:PORT`, where nginx listens. */
  readonly host: string;
  /** Temporary, for whatever a test needs. */
  readonly folder: string;
  makeRepository(name: string): Promise<void>;
}

/** git behind nginx, configured exactly as the documentation says but for its paths. Gone with `stack`. */
export async function startGitHost(stack: {
  defer(undo: () => PromiseLike<void>): void;
}): Promise<GitHost> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-git-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const latchkey = await startServer({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  stack.defer(() => latchkey[Symbol.asyncDispose]());
  const socket = join(folder, 'fcgi.sock');
  const fcgiwrap = await start('fcgiwrap', ['-c', '4', '-s', `unix:${socket}`], async () => {
    return (await stat(socket)).isSocket();
  });
  stack.defer(() => fcgiwrap[Symbol.asyncDispose]());
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'nginx.conf');
  await writeFile(config, await configuration(folder, host, latchkey.url, socket));
  const nginx = await start('nginx', ['-c', config, '-e', join(folder, 'error.log')], async () => {
    return (await fetch(`http://${host}/`)).status === 401;
  });
  stack.defer(() => nginx[Symbol.asyncDispose]());
  return {
    latchkey,
    host,
    folder,
    async makeRepository(name) {
      const path = join(folder, 'repositories', name);
      await mkdir(path, { recursive: true });
      await run('git', ['init', '--bare', '--initial-branch=main', path]);
    },
  };
}

async function configuration(folder: string, host: string, latchkey: string, socket: string) {
  const page = await readFile(new URL('../../../docs/git.md', import.meta.url), 'utf8');
  const documented = /```nginx\n(.*?)```/s.exec(page)?.[1] ?? '';
  return nginxAround(
    folder,
    documented
      .replace('127.0.0.1:8080', host)
      .replace('http://127.0.0.1:4000', latchkey)
      .replace('/run/fcgiwrap.socket', socket)
      .replace('/srv/git', join(folder, 'repositories')),
  );
}
