import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MeasuredServer } from './measured-server.js';
import { quantile } from './statistics.js';

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
  /** Resolves once the server has done all that its answers left for later; that time is the load's too. */
  readonly finish?: () => Promise<void>;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** The server's, what it does after its last answer included. */
  readonly cpuSecondsPer10k: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Keeps `connections` busy with `requests` in rotation, each connection beginning elsewhere in them, one request at a time.
 * It writes prepared bytes to plain sockets: a client's own work for each request would be the limit, and not the server.
 */
export async function load(server: MeasuredServer, wanted: Load): Promise<LoadResult> {
  const { requests, connections, durationSeconds, accepts, finish } = wanted;
  const messages = requests.map((request) => encode(request, server.url));
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(server.url)));
  const before = await server.usage();
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + durationSeconds * 1000;
  const busy = sockets.map((socket, index) => {
    const first = Math.floor((index * messages.length) / connections);
    return keepBusy(socket, { messages, first, endsAt, accepts, latenciesMs });
  });
  await Promise.all(busy);
  await finish?.();
  const seconds = (performance.now() - startedAt) / 1000;
  await sleep(SETTLE_MS);
  const after = await server.usage();
  return {
    requestsPerSecond: latenciesMs.length / seconds,
    cpuSecondsPer10k: ((after.cpuSeconds - before.cpuSeconds) / latenciesMs.length) * 10_000,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

function encode({ method, path, headers, body = '' }: LoadRequest, url: string): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${new URL(url).host}`];
  for (const [name, value] of Object.entries(headers ?? {})) lines.push(`${name}: ${value}`);
  if (method === 'POST') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  return socket.setEncoding('latin1');
}

interface Work extends Pick<Load, 'accepts'> {
  readonly messages: readonly Buffer[];
  readonly first: number;
  readonly endsAt: number;
  /** Where every answer's latency goes. */
  readonly latenciesMs: number[];
}

/** Sends one message after the other until the time is over; rejects at the first answer that was not wanted. */
function keepBusy(socket: Socket, work: Work): Promise<void> {
  const { messages, accepts, endsAt, latenciesMs } = work;
  return new Promise((resolve, reject) => {
    let next = work.first;
    let sentAt = 0;
    let received = '';
    const send = () => {
      sentAt = performance.now();
      if (sentAt >= endsAt) {
        resolve();
        socket.destroy();
        return;
      }
      socket.write(messages[next] as Buffer);
      next = (next + 1) % messages.length;
    };
    socket.on('data', (text: string) => {
      received += text;
      const answer = parse(received);
      if (answer === undefined) return;
      received = '';
      latenciesMs.push(performance.now() - sentAt);
      if (accepts(answer.status, answer.body)) return send();
      reject(new Error(`A request was not answered as it should be: ${JSON.stringify(answer)}`));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('A server closed a connection.')));
    send();
  });
}

/** A whole answer; undefined while some of it is still to come. */
function parse(text: string): { status: number; body: string } | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [, length] = /\r\nContent-Length: (\d+)/i.exec(text) ?? [];
  if (length === undefined) throw new Error(`An answer does not tell its length: ${text}`);
  const bodyStart = headEnd + 4;
  if (text.length < bodyStart + Number(length)) return undefined;
  return { status: Number(text.slice(9, 12)), body: text.slice(bodyStart) };
}
