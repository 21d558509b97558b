import { type Client, type CloseCode, createClient } from 'graphql-ws';
import { type ClientOptions, WebSocket } from 'ws';

interface Closing {
  readonly code: CloseCode | number;
  readonly reason: string;
}

export interface TestSocket extends AsyncDisposable {
  /** How the socket was closed. */
  readonly closed: Promise<Closing>;
  /**
   * Starts a subscription, and resolves once it surely runs. What it delivers is read one by one; an error that ends it,
   * and its own end, are thrown by the read that meets them.
   */
  subscribe(query: string, variables?: Record<string, unknown>): Promise<Delivery>;
  /** Asks over the socket; @returns the whole answer. */
  ask(query: string): Promise<unknown>;
}

interface Delivery {
  // biome-ignore lint/suspicious/noExplicitAny: a test names the fields that it looks at, and fails where they are missing
  next(): Promise<any>;
  stop(): Promise<void>;
}

/** A `graphql-transport-ws` client that never retries. */
export function openSocket(
  url: string,
  secret?: string,
  options: ClientOptions = {},
): Promise<TestSocket> {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, options);
    }
  }
  return new Promise((resolve, reject) => {
    let close: (closing: Closing) => void = () => undefined;
    const closed = new Promise<Closing>((settle) => {
      close = settle;
    });
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: () => undefined,
      ...(secret && { connectionParams: { authorization: `Bearer ${secret}` } }),
      on: {
        connected: () => resolve(testSocket(client, closed)),
        closed(event) {
          const { code, reason } = event as Closing;
          close({ code, reason });
          reject(new Error(`Closed with ${code}: ${reason}`));
        },
      },
    });
  });
}

function testSocket(client: Client, closed: Promise<Closing>): TestSocket {
  const ask = async (query: string) => {
    for await (const answer of client.iterate({ query })) return answer;
    return undefined;
  };
  return {
    closed,
    ask,
    async subscribe(query, variables = {}) {
      const iterator = client.iterate({ query, variables });
      const waiting: Promise<IteratorResult<unknown>>[] = [iterator.next()];
      // A subscription is not acknowledged. Two rounds on the same socket take longer than its start does.
      await ask('{ __typename }');
      await ask('{ __typename }');
      return {
        async next() {
          const result = await (waiting.shift() ?? iterator.next());
          if (result.done) throw new Error('The subscription is over.');
          const { data, errors } = result.value as { data?: unknown; errors?: unknown };
          if (errors) throw new Error(`Refused: ${JSON.stringify(errors)}`);
          return data;
        },
        async stop() {
          await iterator.return?.();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await client.dispose();
    },
  };
}
