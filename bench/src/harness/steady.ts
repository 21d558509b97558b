import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 5;
const CONNECTIONS = 64;
const ANSWER_LIMIT_MS = 10_000;

interface Steady {
  readonly count: number;
  readonly perSecond: number;
  /** The secret of the verification with this number, called as it is sent. It asks about `/number`. */
  readonly send: (number: number) => string;
}

/**
 * Sends verifications at a steady rate, whether or not earlier ones are answered, each asking about a path of its own, by
 * which its event is known. One that is not answered in time is missing at its sockets, and counted there.
 */
export async function verifySteadily(url: string, { count, perSecond, send }: Steady) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const startedAt = performance.now();
  let sent = 0;
  while (sent < count) {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    for (; sent < Math.min(due, count); sent++) {
      const headers = { authorization: `Bearer ${send(sent)}`, 'x-original-uri': `/${sent}` };
      get(`${url}/auth/verify`, { agent, headers }, (response) => {
        if (response.statusCode !== 200) throw new Error('A valid token was refused.');
        response.resume();
      }).on('error', () => undefined);
    }
    await sleep(TICK_MS);
  }
  await until(() => Object.keys(agent.sockets).length === 0, ANSWER_LIMIT_MS);
  agent.destroy();
}

/** Resolves once `done`, or when the time is over. */
export async function until(done: () => boolean, limitMs: number): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!done() && performance.now() < limit) await sleep(TICK_MS);
}
