import { type Load, type LoadResult, load } from './load.js';
import type { MeasuredServer } from './measured-server.js';
import { medians } from './statistics.js';

export interface Side {
  readonly server: MeasuredServer;
  readonly load: Load;
}

export interface Comparison {
  /** Latchkey's requests per second over the contender's, round by round. */
  readonly ratios: readonly number[];
  readonly contender: LoadResult & { readonly peakMiB: number };
  readonly latchkey: LoadResult & { readonly peakMiB: number };
}

/** Loads both in turn, so that whatever else the machine does meets both; after a round to warm up, medians. */
export async function compare(contender: Side, latchkey: Side, count: number): Promise<Comparison> {
  await load(latchkey.server, latchkey.load);
  await load(contender.server, contender.load);
  const rounds = [];
  for (let round = 0; round < count; round++) {
    rounds.push({
      contender: await load(contender.server, contender.load),
      latchkey: await load(latchkey.server, latchkey.load),
    });
  }
  const summarize = async ({ server }: Side, results: readonly LoadResult[]) => ({
    ...medians(results),
    peakMiB: (await server.usage()).peakMiB,
  });
  return {
    ratios: rounds.map(
      (round) => round.latchkey.requestsPerSecond / round.contender.requestsPerSecond,
    ),
    contender: await summarize(
      contender,
      rounds.map((round) => round.contender),
    ),
    latchkey: await summarize(
      latchkey,
      rounds.map((round) => round.latchkey),
    ),
  };
}

export const COMPARISON_COLUMNS = [
  'server',
  'req/s',
  'CPU s per 10k',
  '% of a core',
  'p50 ms',
  'p99 ms',
  'peak MiB',
];

export function comparisonRow(name: string, result: Comparison['latchkey']): (string | number)[] {
  const { requestsPerSecond, cpuSecondsPer10k, p50Ms, p99Ms, peakMiB } = result;
  // Far below 100, it is the load that was the limit.
  const sharePercent = (requestsPerSecond / 10_000) * cpuSecondsPer10k * 100;
  return [name, requestsPerSecond, cpuSecondsPer10k, sharePercent, p50Ms, p99Ms, peakMiB];
}
