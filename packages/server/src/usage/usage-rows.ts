import type { SqlValue } from '../database/database.js';
import type { UsageEvent } from './usage-event.entity.js';
import type { BatchFormat } from './usage-recorder.js';

/** Inserts one use; its values are a `toUsageRow`. */
export const INSERT_USE = `INSERT INTO usage_events
  (id, accessTokenId, accountId, occurredAt, outcome, reason, door, action, resource, ipAddress, userAgent)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export function toUsageRow(event: UsageEvent): SqlValue[] {
  return [
    event.id,
    event.accessTokenId,
    event.accountId,
    event.occurredAt,
    event.outcome,
    event.reason,
    event.door,
    event.action,
    event.resource,
    event.ipAddress,
    event.userAgent,
  ];
}

/** Batches as they are written on SQLite: each use is a row of its own at once. */
export const ROW_BY_ROW: BatchFormat = {
  statement: INSERT_USE,
  toRows: (events) => events.map(toUsageRow),
};
