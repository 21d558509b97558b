import type { SessionEndWarning } from '../../ipc/state.js';

const HOUR_MS = 60 * 60 * 1000;
const STEPS: readonly (readonly [SessionEndWarning, number])[] = [
  ['HOUR', HOUR_MS],
  ['DAY', 24 * HOUR_MS],
  ['WEEK', 7 * 24 * HOUR_MS],
];

/**
 * Which warning is due for a session that ends at `expiresAtMs`. A session that is shorter than a step from its start
 * gets no warning of that step: a day's session does not begin with one.
 */
export function sessionEndWarning(
  createdAtMs: number,
  expiresAtMs: number,
  nowMs: number,
): SessionEndWarning | null {
  const lifetimeMs = expiresAtMs - createdAtMs;
  const step = STEPS.find(([, stepMs]) => stepMs < lifetimeMs && expiresAtMs - nowMs <= stepMs);
  return step?.[0] ?? null;
}
