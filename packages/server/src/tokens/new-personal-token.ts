import { LIMITS, type Scope } from '@latchkey/shared';
import { DAY_MS, SECOND_MS } from '../core/clock.js';
import type { Session } from '../database/entities/session.entity.js';

export interface NewPersonalToken {
  /** Without it, one is made from the date and the device. */
  readonly description?: string | undefined;
  readonly scopes: readonly Scope[];
  /** In UTC milliseconds. */
  readonly expiresAt?: number | undefined;
  /** In the place of `expiresAt`. */
  readonly expiresInSeconds?: number | undefined;
}

/** The session in which a token is created. */
export type TokenCreator = Pick<Session, 'accountId' | 'client' | 'deviceName'>;

export interface Expiry {
  /** In UTC milliseconds; null where the token does not expire. */
  readonly expiresAt: number | null;
  /** Where `problem` lies. */
  readonly path: string;
  readonly problem?: string;
}

const PLACES = {
  BROWSER: 'in a browser',
  DESKTOP: 'on a desktop',
  API: 'through the API',
} as const;

/** "Created 2026-12-01 on build-box": what a token is called that was given no description. */
export function defaultDescription({ client, deviceName }: TokenCreator, now: number): string {
  const place = deviceName === null ? PLACES[client] : `on ${deviceName}`;
  const text = `Created ${new Date(now).toISOString().slice(0, 10)} ${place}`;
  return [...text].slice(0, LIMITS.descriptionMaxLength).join('').trim();
}

/**
 * When a token created at `now` expires. A time up to a day beyond the maximum is taken as the maximum: the client's clock
 * may be fast, and the last day of a calendar ends later where daylight saving begins.
 * @param maxMs the longest life that the server allows
 */
export function expiryOf(
  { expiresAt, expiresInSeconds }: NewPersonalToken,
  maxMs: number | undefined,
  now: number,
): Expiry {
  if (expiresInSeconds !== undefined) {
    const path = 'input.expiresInSeconds';
    const time = now + expiresInSeconds * SECOND_MS;
    if (expiresAt !== undefined) {
      return { expiresAt: null, path, problem: 'Give expiresAt or expiresInSeconds, not both.' };
    }
    return { expiresAt: time, path, ...problemOf(time, maxMs, now) };
  }
  const path = 'input.expiresAt';
  if (expiresAt === undefined) return { expiresAt: null, path, ...problemOf(null, maxMs, now) };
  const last = maxMs === undefined ? expiresAt : now + maxMs;
  const time = expiresAt <= last + DAY_MS ? Math.min(expiresAt, last) : expiresAt;
  return { expiresAt: time, path, ...problemOf(time, maxMs, now) };
}

function problemOf(
  expiresAt: number | null,
  maxMs: number | undefined,
  now: number,
): { problem?: string } {
  if (expiresAt === null) {
    if (maxMs === undefined) return {};
    return {
      problem: `On this server a token expires: choose a time within ${maxMs / DAY_MS} days.`,
    };
  }
  if (!(expiresAt > now)) {
    return { problem: 'The expiry lies in the past. Choose a time in the future.' };
  }
  if (maxMs !== undefined && expiresAt > now + maxMs) {
    return {
      problem: `On this server a token lives at most ${maxMs / DAY_MS} days. Choose an earlier expiry.`,
    };
  }
  return {};
}
