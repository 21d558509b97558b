import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onServerCore } from './cores.js';
import type { Usage } from './gauge.js';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const GAUGE = new URL('./gauge.js', import.meta.url).href;

/** A server in a process of its own. */
export interface MeasuredServer extends AsyncDisposable {
  readonly url: string;
  usage(): Promise<Usage>;
}

/** Latchkey as it is started in production, on a free port, over the database at `databasePath`. */
export function startLatchkey(databasePath: string): Promise<MeasuredServer> {
  return start(import.meta.resolve('@latchkey/server').replace('server.js', 'main.js'), {
    NODE_ENV: 'production',
    DATABASE_URL: `sqlite:${databasePath}`,
    LATCHKEY_LOG_LEVEL: 'error',
  });
}

/** One of `contenders/`. */
export function startContender(name: string, databasePath = ''): Promise<MeasuredServer> {
  return start(new URL(`../contenders/${name}.js`, import.meta.url).href, {
    NODE_ENV: 'production',
    DATABASE_PATH: databasePath,
  });
}

async function start(script: string, env: Record<string, string>): Promise<MeasuredServer> {
  const profiling = process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? [];
  const node = [process.execPath, ...profiling, '--import', GAUGE, fileURLToPath(script)];
  const [command = '', ...args] = onServerCore(node);
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const url = await addressOf(child);
  return {
    url,
    async usage() {
      child.send('usage');
      const [usage] = (await once(child, 'message')) as [Usage];
      return usage;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await gone;
      clearTimeout(limit);
    },
  };
}

/** Every server here prints its address to standard error once it listens. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const fail = () => {
      child.kill('SIGKILL');
      reject(new Error(`A server did not start. It printed: ${printed}`));
    };
    const limit = setTimeout(fail, START_LIMIT_MS);
    child.once('exit', fail);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-2000);
      const [url] = printed.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
      if (url === undefined) return;
      clearTimeout(limit);
      child.off('exit', fail);
      resolve(url);
    });
  });
}
