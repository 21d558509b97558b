import type { SessionEndWarning } from './state.js';

const HOUR_MS = 60 * 60 * 1000;

/** The latest first: what is due is the first whose time has come. */
const WARNINGS: readonly { readonly warning: SessionEndWarning; readonly beforeMs: number }[] = [
  { warning: 'HOUR', beforeMs: HOUR_MS },
  { warning: 'DAY', beforeMs: 24 * HOUR_MS },
  { warning: 'WEEK', beforeMs: 7 * 24 * HOUR_MS },
];

/** A session's start and end, in milliseconds since 1970. */
export interface SessionSpan {
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** The server says by these error codes, and by nothing else, that a session is over. */
export function isSessionOver(code: string): boolean {
  return code === 'UNAUTHENTICATED' || code === 'SESSION_EXPIRED';
}

/** Which warning is due at `nowMs`. */
export function sessionEndWarning(span: SessionSpan, nowMs: number): SessionEndWarning | null {
  const due = warningsOf(span).find(({ beforeMs }) => span.expiresAtMs - nowMs <= beforeMs);
  return due?.warning ?? null;
}

/** How long it is from `nowMs` to the next warning, or to the end where none is left. */
export function untilNextWarningMs(span: SessionSpan, nowMs: number): number {
  const remainingMs = span.expiresAtMs - nowMs;
  const next = warningsOf(span).findLast(({ beforeMs }) => beforeMs < remainingMs);
  return remainingMs - (next?.beforeMs ?? 0);
}

/** A session gets no warning that would be due from its start: one of a day does not begin with a day's warning. */
function warningsOf({ createdAtMs, expiresAtMs }: SessionSpan) {
  return WARNINGS.filter(({ beforeMs }) => beforeMs < expiresAtMs - createdAtMs);
}
