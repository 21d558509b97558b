import { once } from 'node:events';
import WebSocket from 'ws';

/** What arrives on a socket of `graphql-transport-ws`. */
interface Message<Data> {
  readonly type: string;
  readonly payload?: { readonly data?: Data };
}

/** No close frame came (RFC 6455, section 7.1.5): this end terminated it. */
const TERMINATED = 1006;

/**
 * Opens a socket with `secret` and subscribes to `query`; resolves once the server has taken the connection.
 * @param onData is called with each event's data, as it arrives.
 */
export async function subscribe<Data>(
  url: string,
  secret: string,
  query: string,
  onData: (data: Data) => void,
): Promise<WebSocket> {
  const address = `${url.replace('http', 'ws')}/graphql`;
  const socket = new WebSocket(address, 'graphql-transport-ws', { perMessageDeflate: false });
  await once(socket, 'open');
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } });
  const [acknowledged] = await once(socket, 'message');
  const { type } = JSON.parse(String(acknowledged)) as Message<Data>;
  if (type !== 'connection_ack') throw new Error(`A socket was answered ${type}.`);
  socket.on('message', (text) => {
    const { type, payload } = JSON.parse(String(text)) as Message<Data>;
    if (type === 'ping') return send({ type: 'pong' });
    if (type !== 'next' || !payload?.data) throw new Error(`A subscription was answered ${text}`);
    onData(payload.data);
  });
  send({ type: 'subscribe', id: '1', payload: { query } });
  return socket;
}

/** Has the run fail where the server closes `socket`, rather than count what it no longer hears. */
export function mustStayOpen(socket: WebSocket): WebSocket {
  return socket.on('close', (code, reason) => {
    if (code !== TERMINATED) throw new Error(`A socket was closed with ${code}: ${reason}`);
  });
}
