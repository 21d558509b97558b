import { setTimeout as sleep } from 'node:timers/promises';
import { type MeasuredServer, startLatchkey } from '../harness/measured-server.js';
import type { Seed } from '../harness/seed.js';
import { quantile } from '../harness/statistics.js';
import { until, verifySteadily } from '../harness/steady.js';
import { mustStayOpen, subscribe } from '../harness/subscriber.js';
import { atLeast, atMost, type Section } from '../report.js';
import { PEAK_MIB_LIMIT, type Scale } from './scale.js';

const SOCKETS_PER_ACCOUNT = 2;
const USES_PER_SECOND = 2000;
const WARM_UP_SECONDS = 2;
const ARRIVAL_LIMIT_MS = 10_000;
const OPENED_AT_ONCE = 20;
const SUBSCRIPTION = `subscription {
  usageEventRecorded { id accessTokenId occurredAt outcome reason endpoint action resource ipAddress userAgent }
}`;

interface Use {
  readonly accountId: string;
  readonly sentAt: number;
  arrivals: number;
}
type Recorded = { readonly usageEventRecorded: { readonly resource: string } };

/** Every use at every socket of its account, and how soon. */
export async function measureFanOut(seed: Seed, scale: Scale): Promise<Section> {
  await using latchkey = await startLatchkey(seed.databasePath);
  const uses: Use[] = [];
  const latenciesMs: number[] = [];
  const arrived = (accountId: string, { usageEventRecorded: { resource } }: Recorded) => {
    const use = uses[Number(resource.slice(1))];
    if (use?.accountId !== accountId) throw new Error('A use arrived at another account.');
    use.arrivals++;
    latenciesMs.push(performance.now() - use.sentAt);
  };
  const sockets = await openSockets(latchkey, seed, arrived);
  const run = async (seconds: number) => {
    uses.length = 0;
    latenciesMs.length = 0;
    const send = (number: number) => {
      const token = seed.tokens[number % seed.tokens.length] as Seed['tokens'][number];
      uses.push({ accountId: token.accountId, sentAt: performance.now(), arrivals: 0 });
      return token.secret;
    };
    const count = seconds * USES_PER_SECOND;
    await verifySteadily(latchkey.url, { count, perSecond: USES_PER_SECOND, send });
    await until(() => latenciesMs.length >= uses.length * SOCKETS_PER_ACCOUNT, ARRIVAL_LIMIT_MS);
  };
  await run(WARM_UP_SECONDS);
  const before = await latchkey.usage();
  await run(scale.fanOutSeconds);
  const after = await latchkey.usage();
  for (const socket of sockets) socket.terminate();
  const complete = uses.filter(({ arrivals }) => arrivals === SOCKETS_PER_ACCOUNT).length;
  const rate = uses.length / scale.fanOutSeconds;
  const p99Ms = quantile(latenciesMs, 0.99);
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  return {
    title: 'Uses delivered to subscriptions',
    method: [
      `${sockets.length} sockets over ${seed.accounts.length} accounts, ${USES_PER_SECOND} verifications a second for ${scale.fanOutSeconds} s after ${WARM_UP_SECONDS} to warm up, sent on time whether or not`,
      'earlier ones are answered. Latency is from the moment the verification is sent to the event at a socket.',
    ],
    columns: [
      'uses/s',
      'events',
      'p50 ms',
      'p99 ms',
      'max ms',
      'server CPU µs per event',
      'peak MiB',
    ],
    rows: [
      [
        rate,
        latenciesMs.length,
        quantile(latenciesMs, 0.5),
        p99Ms,
        quantile(latenciesMs, 1),
        (cpuSeconds / latenciesMs.length) * 1e6,
        after.peakMiB,
      ],
    ],
    targets: [
      atLeast('% of uses at both sockets exactly once', (100 * complete) / uses.length, 100),
      atLeast('uses a second', rate, 0.99 * USES_PER_SECOND),
      atMost('p99 in ms', p99Ms, 100),
      atMost('peak memory in MiB', after.peakMiB, PEAK_MIB_LIMIT),
    ],
  };
}

async function openSockets(
  { url }: MeasuredServer,
  { accounts }: Seed,
  arrived: (accountId: string, data: Recorded) => void,
) {
  const wanted = accounts.flatMap(
    (account) => Array(SOCKETS_PER_ACCOUNT).fill(account) as typeof accounts,
  );
  const sockets = [];
  while (sockets.length < wanted.length) {
    const next = wanted.slice(sockets.length, sockets.length + OPENED_AT_ONCE);
    const open = next.map(({ id, secret }) =>
      subscribe<Recorded>(url, secret, SUBSCRIPTION, (data) => arrived(id, data)),
    );
    sockets.push(...(await Promise.all(open)).map(mustStayOpen));
  }
  // A subscription is not acknowledged: give the last ones the time to begin.
  await sleep(1000);
  return sockets;
}
