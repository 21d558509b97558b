import type { Session } from '../database/entities/session.entity.js';

/** How long sessions live, in milliseconds: without a sign of life, and at most. */
export interface SessionLifetimes {
  readonly sessionIdleMs: number;
  readonly sessionMaxMs: number;
}

/** When a session that was seen at `seenAt` ends, if it is not seen again: its idle end or its absolute one. */
export function liveUntil(
  seenAt: number,
  expiresAt: number,
  { sessionIdleMs }: SessionLifetimes,
): number {
  return Math.min(seenAt + sessionIdleMs, expiresAt);
}

/** Whether the session is over at `now`, be it ended or merely past its time. */
export function isOver(session: Pick<Session, 'liveUntil'>, now: number): boolean {
  return session.liveUntil === null || session.liveUntil <= now;
}
