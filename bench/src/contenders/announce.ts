import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Tells the benchmark where a contender listens. */
export function announce(server: Server): void {
  process.stderr.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
}
