import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Exchange, type Handler, sendJson } from './exchange.js';

/** Why a request gets no answer of the endpoint's own; the endpoint's protocol says in which words it is sent. */
export class Refused {
  constructor(
    readonly status: 400 | 401 | 403 | 405 | 413 | 429,
    /** OAuth's code (RFC 6749, section 5.2, and RFC 6750, section 3.1); undefined where there is no error to name. */
    readonly error: string | undefined,
    readonly description: string | undefined,
    readonly headers: OutgoingHttpHeaders = {},
  ) {}
}

/** A request that cannot be understood (RFC 6749, section 5.2). */
export function invalidRequest(description: string, status: 400 | 405 | 413 = 400): Refused {
  // Where the body was not read to its end, nothing else can follow on the connection.
  const headers = status === 413 ? { Connection: 'close' } : {};
  return new Refused(status, 'invalid_request', description, headers);
}

type Step<Result> = Result | Refused | Promise<Result | Refused>;

/** A protocol's endpoint: what it takes, and how it answers. */
interface Endpoint<Asked, Known> {
  /** Every other method is refused with 405. */
  readonly methods: readonly string[];
  /** Reads what is asked for, from the address or the body. */
  readonly read: (exchange: Exchange) => Step<Asked>;
  /** Finds out who asks, and whether they may. */
  readonly authenticate: (exchange: Exchange, asked: Asked) => Step<Known>;
  /** Sends the answer. */
  readonly render: (exchange: Exchange, known: Known, asked: Asked) => Promise<void> | void;
  /** Sends a refusal in the protocol's form; OAuth's where it has none of its own. */
  readonly refuse?: (response: ServerResponse, refused: Refused) => void;
}

/**
 * The handler of an endpoint: each of its steps is taken in turn, and the first refusal is the answer. A step that reads or
 * authenticates nothing is `nothing`.
 */
export function endpoint<Asked, Known>({
  methods,
  read,
  authenticate,
  render,
  refuse = sendOauthError,
}: Endpoint<Asked, Known>): Handler {
  return async (exchange) => {
    const { request, response } = exchange;
    if (!methods.includes(request.method ?? '')) return refuse(response, wrongMethod(methods));
    const asked = await read(exchange);
    if (asked instanceof Refused) return refuse(response, asked);
    const known = await authenticate(exchange, asked);
    if (known instanceof Refused) return refuse(response, known);
    return render(exchange, known, asked);
  };
}

export const nothing = () => undefined;

function wrongMethod(methods: readonly string[]): Refused {
  const description = `This address takes ${methods.join(' and ')}.`;
  return new Refused(405, 'invalid_request', description, { Allow: methods.join(', ') });
}

/** RFC 6749, section 5.2. */
function sendOauthError(
  response: ServerResponse,
  { status, error, description, headers }: Refused,
): void {
  sendJson(response, status, { error, error_description: description }, headers);
}
