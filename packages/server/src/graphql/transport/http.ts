import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { ErrorCode, LatchkeyError } from '@latchkey/shared';
import { BodiesFull, BodyTooLarge, readBody } from '../../http/body.js';
import { JsonTooLarge, parseJson } from '../../http/bounded-json.js';
import { type Handler, sendJson } from '../../http/exchange.js';
import type { OriginSettings } from '../../http/origin.js';
import type { Context } from '../context.js';
import type { Feeds } from '../feeds.js';
import {
  OPERATION_LIMITS,
  REQUEST_JSON,
  requireReadable,
  TOO_MANY_VALUES,
} from '../limits/operation-limits.js';
import { inTime } from '../limits/time-limit.js';
import { cookiesOf, offeredAuthorization } from './cookies.js';
import type { CredentialReader } from './credential-reader.js';

const METHODS = ['GET', 'POST'];

interface Parts {
  readonly apollo: ApolloServer<Context>;
  readonly credentials: CredentialReader;
  readonly feeds: Feeds;
  readonly config: OriginSettings;
}

/** GraphQL over HTTP (the GraphQL-over-HTTP specification), by Apollo Server; this only reads and writes the wire. */
export function graphqlOverHttp({ apollo, credentials, feeds, config }: Parts): Handler {
  return async ({ request, response, caller }) => {
    if (!METHODS.includes(request.method ?? '')) {
      response.setHeader('Allow', METHODS.join(', '));
      return sendError(response, 405, ErrorCode.VALIDATION_FAILED, 'GraphQL takes GET and POST.');
    }
    const parsed = await readRequest(request, response);
    if (parsed === undefined) return;
    const context = async (): Promise<Context> => ({
      ...caller,
      feeds,
      cookies: cookiesOf(request, response, config),
      credential: await credentials.read(
        offeredAuthorization(request, config),
        caller,
        operationNameOf(parsed.body),
      ),
    });
    const answer = await inTime(
      apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest: parsed, context }),
    ).catch((error: unknown) => {
      if (!(error instanceof LatchkeyError)) throw error;
      return sendError(response, 503, error.code, error.message);
    });
    if (answer === undefined) return;
    if (answer.body.kind === 'chunked') throw new Error('Incremental delivery is not offered.');
    response.writeHead(answer.status ?? 200, {
      ...Object.fromEntries(answer.headers),
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(answer.body.string),
      'x-content-type-options': 'nosniff',
    });
    response.end(answer.body.string);
  };
}

async function readRequest(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<HTTPGraphQLRequest | undefined> {
  const url = request.url ?? '';
  const queryStart = url.indexOf('?');
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  try {
    const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
    const text =
      request.method === 'POST' ? await readBody(request, OPERATION_LIMITS.bodyBytes) : '';
    const body = isJson && text !== '' ? parseJson(text, REQUEST_JSON) : {};
    requireReadable(fieldOf(body, 'query') ?? '');
    return {
      method: request.method ?? 'GET',
      headers,
      search: queryStart < 0 ? '' : url.slice(queryStart).replace(EMPTY_NAME, '$1'),
      body: withoutEmptyName(body),
    };
  } catch (error) {
    if (error instanceof BodiesFull) throw error;
    if (error instanceof LatchkeyError || error instanceof JsonTooLarge) {
      const message = error instanceof JsonTooLarge ? TOO_MANY_VALUES : error.message;
      sendError(response, 400, ErrorCode.OPERATION_TOO_COMPLEX, message);
      return undefined;
    }
    if (error instanceof BodyTooLarge) {
      response.setHeader('Connection', 'close');
      const message = `A request has at most ${OPERATION_LIMITS.bodyBytes / 1024} KiB.`;
      sendError(response, 413, ErrorCode.OPERATION_TOO_COMPLEX, message);
      return undefined;
    }
    if (!(error instanceof SyntaxError)) throw error;
    sendError(response, 400, ErrorCode.VALIDATION_FAILED, 'The body is not valid JSON.');
    return undefined;
  }
}

/** Some clients send an empty name for an operation without one, which GraphQL would look for in vain. */
const EMPTY_NAME = /([?&])operationName=(?=&|$)/;

function withoutEmptyName(body: unknown): unknown {
  return fieldOf(body, 'operationName') === ''
    ? { ...(body as object), operationName: null }
    : body;
}

/** The client's name for the operation, where it gives one that GraphQL allows. */
function operationNameOf(body: unknown): string | undefined {
  const name = fieldOf(body, 'operationName');
  return name !== undefined && /^[_A-Za-z][_0-9A-Za-z]*$/.test(name) ? name : undefined;
}

function fieldOf(body: unknown, field: string): string | undefined {
  const value = (body as Record<string, unknown> | null)?.[field];
  return typeof value === 'string' ? value : undefined;
}

function sendError(
  response: ServerResponse,
  status: number,
  code: LatchkeyError['code'],
  message: string,
): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] });
}
