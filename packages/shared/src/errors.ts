/** Every code that a client can see; nothing else leaves the server. */
export const ErrorCode = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  INVALID_CREDENTIALS: 'INVALID_CREDENTIALS',
  ONE_TIME_PASSWORD_REQUIRED: 'ONE_TIME_PASSWORD_REQUIRED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  VALIDATION_FAILED: 'VALIDATION_FAILED',
  CONFLICT: 'CONFLICT',
  RATE_LIMITED: 'RATE_LIMITED',
  LIMIT_REACHED: 'LIMIT_REACHED',
  SESSION_REQUIRED: 'SESSION_REQUIRED',
  SESSION_EXPIRED: 'SESSION_EXPIRED',
  TOKEN_EXPIRED: 'TOKEN_EXPIRED',
  TOKEN_INACTIVE: 'TOKEN_INACTIVE',
  TOKEN_REMOVED: 'TOKEN_REMOVED',
  OPERATION_TOO_COMPLEX: 'OPERATION_TOO_COMPLEX',
  UNAVAILABLE: 'UNAVAILABLE',
  INTERNAL: 'INTERNAL',
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** One field that was refused: its path in the input, such as `input.description`, and what to do about it. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

interface ErrorDetails {
  readonly fields?: readonly FieldProblem[];
  readonly retryAfterSeconds?: number;
  /** For the log alone; a client never sees it. */
  readonly cause?: unknown;
}

/** A refusal that a person can act on: a code of the closed list, a public message, and a private cause beside it. */
export class LatchkeyError extends Error {
  override readonly name = 'LatchkeyError';
  readonly fields: readonly FieldProblem[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.fields = details.fields;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** `VALIDATION_FAILED` for one or more fields; the first one's message is the error's own. */
export function validationFailed(...fields: [FieldProblem, ...FieldProblem[]]): LatchkeyError {
  return new LatchkeyError(ErrorCode.VALIDATION_FAILED, fields[0].message, { fields });
}
