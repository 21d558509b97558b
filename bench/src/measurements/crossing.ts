import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MeasuredServer } from '../harness/measured-server.js';
import type { MysqlSeed } from '../harness/mysql-seed.js';
import { subscribe } from '../harness/subscriber.js';

export const USES_PER_SECOND = 1000;
const WARM_UP_SECONDS = 2;
const TICK_MS = 5;
const ARRIVAL_LIMIT_MS = 10_000;
const SUBSCRIPTION = 'subscription { usageEventRecorded { resource } }';

type Recorded = { readonly usageEventRecorded: { readonly resource: string } };

export interface Crossing {
  readonly sockets: number;
  readonly usesPerSecond: number;
  /** From the moment a verification is sent to the event at a socket of another server. */
  readonly latenciesMs: readonly number[];
  readonly arrivedPercent: number;
}

/** Uses on the first server, heard of on the others: each account has a socket on each of those. */
export async function measureCrossing(
  [here, ...others]: readonly [MeasuredServer, ...MeasuredServer[]],
  { tokens, accounts }: MysqlSeed,
  seconds: number,
): Promise<Crossing> {
  const sentAt: number[] = [];
  const latenciesMs: number[] = [];
  const arrived = ({ usageEventRecorded: { resource } }: Recorded) => {
    const at = sentAt[Number(resource.slice(1))];
    if (at !== undefined) latenciesMs.push(performance.now() - at);
  };
  const sockets = [];
  for (const { url } of others) {
    for (const { secret } of accounts) {
      sockets.push(await subscribe<Recorded>(url, secret, SUBSCRIPTION, arrived));
    }
  }
  await sleep(1000); // a subscription is not acknowledged: the last ones need the time to begin
  const heard = new Set(accounts.map(({ id }) => id));
  const secrets = tokens
    .filter(({ accountId }) => heard.has(accountId))
    .map(({ secret }) => secret);
  const run = async (runSeconds: number) => {
    sentAt.length = 0;
    latenciesMs.length = 0;
    await sendUses(here.url, secrets, runSeconds * USES_PER_SECOND, sentAt);
    await until(() => latenciesMs.length >= sentAt.length * others.length);
  };
  await run(WARM_UP_SECONDS);
  await run(seconds);
  for (const socket of sockets) socket.terminate();
  return {
    sockets: sockets.length,
    usesPerSecond: sentAt.length / seconds,
    latenciesMs,
    arrivedPercent: (100 * latenciesMs.length) / (sentAt.length * others.length),
  };
}

/** At a steady rate, whether or not earlier ones are answered; each asks about a path by which its event is known. */
async function sendUses(url: string, secrets: readonly string[], count: number, sentAt: number[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const startedAt = performance.now();
  while (sentAt.length < count) {
    const due = ((performance.now() - startedAt) / 1000) * USES_PER_SECOND;
    while (sentAt.length < Math.min(due, count)) {
      const secret = secrets[sentAt.length % secrets.length];
      const headers = { authorization: `Bearer ${secret}`, 'x-original-uri': `/${sentAt.length}` };
      get(`${url}/auth/verify`, { agent, headers }, (response) => {
        if (response.statusCode !== 200) throw new Error('A valid token was refused.');
        response.resume();
      });
      sentAt.push(performance.now());
    }
    await sleep(TICK_MS);
  }
  await until(() => Object.keys(agent.sockets).length === 0);
  agent.destroy();
}

async function until(done: () => boolean): Promise<void> {
  const limit = performance.now() + ARRIVAL_LIMIT_MS;
  while (!done() && performance.now() < limit) await sleep(TICK_MS);
}
