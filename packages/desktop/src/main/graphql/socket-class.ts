import { WebSocket } from 'ws';

const LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** The WebSocket that the connection opens: bounded in size and patience, never redirected, and naming the app. */
export function socketClass(
  userAgent: string,
): new (
  address: string | URL,
  protocols?: string | string[],
) => WebSocket {
  return class BoundedSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, {
        followRedirects: false,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        maxPayload: LARGEST_MESSAGE_BYTES,
        headers: { 'user-agent': userAgent },
      });
    }
  };
}
