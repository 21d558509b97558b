import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import type { Clock } from './clock.js';

/** Makes identifiers that sort by the time they were made. */
export type MakeId = () => string;

const SEQUENCE_LIMIT = 0xffffffff;

/**
 * UUID version 7 (RFC 9562, section 5.7): the clock's milliseconds, then a counter, then random bits. Identifiers of one
 * maker rise strictly, even within a millisecond and when the clock steps back.
 *
 * @param after an identifier made earlier, by a process before this one: all of this maker's lie above it.
 */
export function idMaker(clock: Clock, after?: string): MakeId {
  let latestMs = after === undefined ? 0 : timeOf(after) + 1;
  let sequence = 0;
  return () => {
    const nowMs = clock.now();
    sequence = nowMs > latestMs ? 0 : sequence + 1;
    if (sequence > SEQUENCE_LIMIT) sequence = 0;
    latestMs = Math.max(latestMs, nowMs);
    return v7({ msecs: latestMs, seq: sequence, rng: sixteenRandomBytes });
  };
}

const pool = new Uint8Array(16 * 256);
let taken = pool.length;

/** Out of a pool: asking the system for so few costs more than all the rest of an identifier. */
function sixteenRandomBytes(): Uint8Array {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  taken += 16;
  return pool.subarray(taken - 16, taken);
}

/** The lowest identifier that could have been made at `timeMs`: a bound for ranges over identifiers. */
export function lowestIdAt(timeMs: number): string {
  const hex = Math.max(0, Math.floor(timeMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When `id` was made, in UTC milliseconds. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
