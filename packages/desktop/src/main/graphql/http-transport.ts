import type { GraphqlRequest, GraphqlResult } from '../../ipc/contract.js';
import type { Problem } from '../../ipc/state.js';
import { notLatchkey, serverFailing, toConnectionProblem } from './connection-problem.js';
import { parseAnswer } from './graphql-answer.js';

const TIMEOUT_MS = 20_000;
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpTransport {
  /** Sends one operation; `secret` is the credential, or null for none. Never throws. */
  execute(address: string, secret: string | null, request: GraphqlRequest): Promise<GraphqlResult>;
}

/** GraphQL over HTTP. Redirects are not followed: a credential goes to the address that was typed, or nowhere. */
export function createHttpTransport(fetch: Fetch, userAgent: string): HttpTransport {
  return {
    async execute(address, secret, request) {
      try {
        const response = await fetch(`${address}/graphql`, {
          method: 'POST',
          redirect: 'manual',
          signal: AbortSignal.timeout(TIMEOUT_MS),
          headers: {
            accept: 'application/graphql-response+json, application/json',
            'content-type': 'application/json',
            'user-agent': userAgent,
            ...(secret === null ? {} : { authorization: `Bearer ${secret}` }),
          },
          body: JSON.stringify(request),
        });
        return await readAnswer(response, address);
      } catch (error) {
        return { ok: false, problem: toConnectionProblem(error, address) };
      }
    },
  };
}

async function readAnswer(response: Response, address: string): Promise<GraphqlResult> {
  const text = await readBounded(response);
  const answer = text === undefined ? undefined : parseAnswer(parseJson(text));
  if (answer !== undefined) return answer;
  return { ok: false, problem: withoutAnswer(response, address) };
}

function withoutAnswer(response: Response, address: string): Problem {
  const detail = `HTTP ${response.status}`;
  if (response.status === 429) {
    return {
      code: 'RATE_LIMITED',
      message: 'The server is receiving too many requests from here. Wait a little and try again.',
      detail,
    };
  }
  return response.status >= 500 ? serverFailing(address, detail) : notLatchkey(address, detail);
}

/** The body as text; undefined where it is larger than any honest answer. */
async function readBounded(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > LARGEST_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
