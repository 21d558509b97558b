import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { MeasuredServer } from './measured-server.js';

/** The pause after which a server has done what its answers left for later, so that it is counted too. */
const SETTLE_MS = 1000;

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface Load {
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  readonly durationSeconds: number;
  /** Whether an answer is the one that was wanted; a single wrong one ends the benchmark. */
  readonly accepts: (status: number, body: string) => boolean;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** The server's, what it does after its last answer included. */
  readonly cpuSecondsPer10k: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Keeps `connections` busy with `requests` in rotation, each connection beginning elsewhere in them. */
export async function load(server: MeasuredServer, wanted: Load): Promise<LoadResult> {
  const before = await server.usage();
  let wrong: string | undefined;
  const requests = wanted.requests.map((request) => ({
    ...request,
    onResponse: (status: number, body: string) => {
      if (!wanted.accepts(status, body)) wrong = `${status} ${body}`;
    },
  }));
  let connection = 0;
  const result = await autocannon({
    url: server.url,
    connections: wanted.connections,
    duration: wanted.durationSeconds,
    setupClient: (client) => {
      const start = Math.floor((connection++ * requests.length) / wanted.connections);
      client.setRequests([...requests.slice(start), ...requests.slice(0, start)]);
    },
  });
  if (wrong !== undefined || result.errors > 0) {
    throw new Error(`A request was not answered as it should be: ${wrong ?? 'no answer'}`);
  }
  await sleep(SETTLE_MS);
  const after = await server.usage();
  const answered = result.requests.total;
  return {
    requestsPerSecond: answered / result.duration,
    cpuSecondsPer10k: ((after.cpuSeconds - before.cpuSeconds) / answered) * 10_000,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}
