import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** One subscription over a socket of its own, as it is heard by a client. */
export interface Subscription<Data> extends AsyncDisposable {
  readonly received: readonly Data[];
  /** The code of the error that ended it. */
  readonly errorCode: string | undefined;
  /** The code with which the server closed the socket. */
  readonly closeCode: number | undefined;
}

/** Subscribes at the server at `url`. */
export function subscribe<Data>(url: string, query: string, secret: string): Subscription<Data> {
  const received: Data[] = [];
  let errorCode: string | undefined;
  let closeCode: number | undefined;
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    onNonLazyError: () => undefined,
    on: {
      closed: (event) => {
        closeCode = (event as { code: number }).code;
      },
    },
    connectionParams: { authorization: `Bearer ${secret}` },
  });
  client.subscribe<Data>(
    { query },
    {
      next: ({ data, errors }) => {
        if (data) received.push(data);
        errorCode ??= errors?.[0]?.extensions?.['code'] as string | undefined;
      },
      error: (error) => {
        const [first] = Array.isArray(error) ? error : [];
        errorCode = first?.extensions?.code ?? 'closed';
      },
      complete: () => undefined,
    },
  );
  return {
    received,
    get errorCode() {
      return errorCode;
    },
    get closeCode() {
      return closeCode;
    },
    [Symbol.asyncDispose]: async () => client.dispose(),
  };
}
