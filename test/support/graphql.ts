/** One error as a client of GraphQL over HTTP sees it. */
interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly fields?: readonly { readonly path: string; readonly message: string }[];
    readonly retryAfterSeconds?: number;
    readonly errorId?: string;
  };
}

export interface GraphqlAnswer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data | null | undefined;
  readonly errors: readonly ClientError[];
}

export interface GraphqlRequest {
  readonly variables?: object;
  /** A session's or a token's secret. */
  readonly secret?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks `query` of the server at `url`, over HTTP. */
export async function graphql<Data = Record<string, unknown>>(
  url: string,
  query: string,
  { variables = {}, secret, headers = {} }: GraphqlRequest = {},
): Promise<GraphqlAnswer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(secret && { authorization: `Bearer ${secret}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: Data; errors?: ClientError[] };
  return {
    status: response.status,
    headers: response.headers,
    data: body.data,
    errors: body.errors ?? [],
  };
}
