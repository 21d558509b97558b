import { setTimeout as sleep } from 'node:timers/promises';
import type { MeasuredServer } from '../harness/measured-server.js';
import type { MysqlSeed } from '../harness/mysql-seed.js';
import { until, verifySteadily } from '../harness/steady.js';
import { mustStayOpen, subscribe } from '../harness/subscriber.js';

export const USES_PER_SECOND = 1000;
const WARM_UP_SECONDS = 2;
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
      sockets.push(mustStayOpen(await subscribe<Recorded>(url, secret, SUBSCRIPTION, arrived)));
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
    const send = (number: number) => {
      sentAt.push(performance.now());
      return secrets[number % secrets.length] ?? '';
    };
    const count = runSeconds * USES_PER_SECOND;
    await verifySteadily(here.url, { count, perSecond: USES_PER_SECOND, send });
    await until(() => latenciesMs.length >= sentAt.length * others.length, ARRIVAL_LIMIT_MS);
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
