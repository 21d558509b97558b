import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHome, type TestHome, type TestProcess } from './process.js';

const PROBE = new URL('loop-probe.js', import.meta.url);
/** Twenty is what the server is made for; the rest is for machines that are slow or busy. */
export const BOUND_MS = 50;
const TRIES = 4;

export interface WatchedServer extends AsyncDisposable {
  readonly server: TestProcess;
  /**
   * The longest turn of the server's event loop while `work` goes on, in milliseconds of its main thread's own time: the least
   * of a few tries where it is above `BOUND_MS`, since a garbage collection falls into one now and then.
   */
  longestTurn(work: () => Promise<unknown>): Promise<number>;
}

/** A server as its own process, whose event loop is watched. */
export async function startWatched(env: Record<string, string> = {}): Promise<WatchedServer> {
  const home: TestHome = await makeHome();
  const path = join(home.folder, 'probe');
  const server = await home.start({
    NODE_OPTIONS: `--import=${fileURLToPath(PROBE)}`,
    LOOP_PROBE: path,
    ...env,
  });
  const probe = connect(path);
  await once(probe, 'connect');
  const tried = async (work: () => Promise<unknown>) => {
    await told(probe, 'start');
    await work();
    return told(probe, 'stop');
  };
  return {
    server,
    async longestTurn(work) {
      let least = Number.POSITIVE_INFINITY;
      for (let tries = 0; tries < TRIES && least > BOUND_MS; tries++) {
        least = Math.min(least, await tried(work));
      }
      return least;
    },
    async [Symbol.asyncDispose]() {
      probe.destroy();
      await home[Symbol.asyncDispose]();
    },
  };
}

async function told(probe: Socket, command: 'start' | 'stop'): Promise<number> {
  probe.write(command);
  const [answer] = await once(probe, 'data');
  return Number(answer);
}
