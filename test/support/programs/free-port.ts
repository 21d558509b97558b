import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

const FIRST_STEADY = 12_000;
/** From here on Linux takes ports for outgoing connections. */
const FIRST_EPHEMERAL = 32_768;

/** A port of 127.0.0.1 that nobody listens on, and that no outgoing connection takes until somebody does. */
export async function steadyPort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_STEADY, FIRST_EPHEMERAL);
    try {
      return await freePort(port);
    } catch {} // taken: another one
  }
}

/** A port of 127.0.0.1 that nobody listens on. @throws where `wanted` is not free */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
