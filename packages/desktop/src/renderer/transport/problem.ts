import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import type { Outcome } from '../../ipc/contract.js';
import type { Problem } from './transport.js';

/** Plain sentences for codes where a person is better served than by the server's message; the others bring theirs. */
const SENTENCES: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'You are signed out. Sign in again to go on.',
  SESSION_EXPIRED: 'Your session has ended. Sign in again to go on.',
  ONE_TIME_PASSWORD_REQUIRED: 'This account asks for a one-time password too.',
  OPERATION_TOO_COMPLEX:
    'The server refused to answer that much at once. Narrow the search and try again.',
  UNAVAILABLE:
    'The server cannot answer at the moment. Nothing was changed. Try again in a minute.',
  INTERNAL: "The server failed to do this. Try again; if it stays, tell the server's operator.",
};

const MESSAGE_MAX_LENGTH = 400;

/** What went wrong, ready to be shown, out of whatever a GraphQL operation threw. */
export function problemOf(error: unknown): Problem {
  if (isProblemError(error)) return error.problem;
  if (CombinedGraphQLErrors.is(error)) {
    const first = error.errors[0];
    return problemOfGraphqlError(first?.message ?? '', first?.extensions ?? {});
  }
  if (ServerError.is(error)) return problemOfStatus(error.statusCode, error.bodyText);
  if (error instanceof TypeError || isSocketClose(error)) {
    return {
      code: 'SERVER_UNREACHABLE',
      message: 'The server does not answer. Check the network, then try again.',
    };
  }
  return {
    code: 'INTERNAL',
    message: 'The server gave an answer that makes no sense here. Try again in a minute.',
    ...(error instanceof Error && { detail: shortened(error.message) }),
  };
}

/** Does it, and turns what it throws into a problem. */
export async function attempt(action: () => Promise<unknown>): Promise<Outcome<null>> {
  try {
    await action();
    return { ok: true, value: null };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

/** Carries a problem through Apollo's links, where only errors travel. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** Extensions come from the server: every member is checked before it is believed. */
function problemOfGraphqlError(
  message: string,
  extensions: Readonly<Record<string, unknown>>,
): Problem {
  const code = typeof extensions.code === 'string' ? extensions.code : 'INTERNAL';
  const { errorId, fields } = extensions;
  return {
    code,
    message: SENTENCES[code] ?? (shortened(message) || sentenceFor('INTERNAL')),
    detail: typeof errorId === 'string' ? `${code}, error ${shortened(errorId)}` : code,
    ...(Array.isArray(fields) && { fields: fields.filter(isFieldProblem) }),
  };
}

function problemOfStatus(status: number, body: string): Problem {
  const extensions = firstExtensions(body);
  if (extensions) return problemOfGraphqlError(extensions.message, extensions.extensions);
  const code = status === 429 ? 'RATE_LIMITED' : 'UNAVAILABLE';
  const message =
    status === 429
      ? 'That was tried too often. Wait a minute, then try again.'
      : sentenceFor('UNAVAILABLE');
  return { code, message, detail: `HTTP ${status}` };
}

/** Over HTTP a refusal may come with status 401 or 429 and the GraphQL error in its body. */
function firstExtensions(
  body: string,
): { message: string; extensions: Record<string, unknown> } | undefined {
  try {
    const error = (JSON.parse(body) as { errors?: unknown[] } | null)?.errors?.[0];
    if (!isRecord(error) || !isRecord(error.extensions)) return undefined;
    return { message: String(error.message ?? ''), extensions: error.extensions };
  } catch {
    return undefined;
  }
}

function sentenceFor(code: 'INTERNAL' | 'UNAVAILABLE'): string {
  return SENTENCES[code] as string;
}

function shortened(text: string): string {
  return text.length > MESSAGE_MAX_LENGTH ? `${text.slice(0, MESSAGE_MAX_LENGTH)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isFieldProblem(value: unknown): value is { path: string; message: string } {
  return isRecord(value) && typeof value.path === 'string' && typeof value.message === 'string';
}

function isProblemError(error: unknown): error is ProblemError {
  return error instanceof ProblemError;
}

/** graphql-ws fails with the socket's close event where it gives up. */
function isSocketClose(error: unknown): boolean {
  return typeof CloseEvent !== 'undefined' && error instanceof CloseEvent;
}
