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

export interface Asking {
  readonly url: string;
  /** Asks GraphQL; throws where the answer has errors. */
  // biome-ignore lint/suspicious/noExplicitAny: a test names the fields that it looks at, and fails where they are missing
  ask<Data = any>(query: string, request?: GraphqlRequest): Promise<Data>;
  /** Asks GraphQL for something that must be refused; @returns the first error's code. */
  refusal(query: string, request?: GraphqlRequest): Promise<string>;
  /** Asks GraphQL for something that must be refused; @returns the first error. */
  error(query: string, request?: GraphqlRequest): Promise<ClientError>;
}

/** The three ways in which a test asks the server at `url`. */
export function asking(url: string): Asking {
  return {
    url,
    async ask<Data>(query: string, request?: GraphqlRequest) {
      const { data, errors } = await graphql<Data>(url, query, request);
      if (errors.length > 0) throw new Error(`Refused: ${JSON.stringify(errors)}`);
      return data as Data;
    },
    async refusal(query, request) {
      const { errors } = await graphql(url, query, request);
      return errors[0]?.extensions.code ?? 'not refused';
    },
    async error(query, request) {
      const { errors, data } = await graphql(url, query, request);
      if (errors[0] === undefined) throw new Error(`Not refused: ${JSON.stringify(data)}`);
      return errors[0];
    },
  };
}

/** @returns the HTTP status by which the server says whether it can serve */
export async function readiness({ url }: Pick<Asking, 'url'>): Promise<number> {
  return (await fetch(`${url}/readyz`)).status;
}
