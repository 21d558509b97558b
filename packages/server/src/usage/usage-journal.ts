import type { Sql } from '../database/database.js';
import type { UsageEvent } from '../database/entities/usage-event.js';
import type { UsageGroup } from '../database/entities/usage-group.entity.js';
import type { UsageJournalEntry } from '../database/entities/usage-journal.entity.js';
import { inParts } from '../database/rows.js';
import { EVENTS_A_TEXT, eventsIn, type PackedEvent, pack, unpack } from './usage-groups.js';

/** How many parts the journal has, by token. A transaction of the aggregation takes one, and finds more events of each token in it. */
const SHARDS = 8;

const NEWEST_ENTRY = 'SELECT events FROM usage_journal WHERE shard = ? ORDER BY id DESC LIMIT 1';
const NEWEST_GROUP = 'SELECT * FROM usage_groups ORDER BY id DESC LIMIT 1';

/** Inserts an entry; its values are one of `journalRows`. */
export const INSERT_ENTRY = 'INSERT INTO usage_journal (shard, id, events) VALUES (?, ?, ?)';

/** An event as it is in the journal: its owner, then what a group has of it. */
type JournaledEvent = readonly [
  accessTokenId: string,
  accountId: string,
  outcome: UsageEvent['outcome'],
  ...PackedEvent,
];

/** A batch of events as it is written: a few rows. Groups and counters come later and in bulk. */
export function journalRows(events: readonly UsageEvent[]): [number, string, string][] {
  const shards = Array.from({ length: SHARDS }, (): UsageEvent[] => []);
  for (const event of events) shards[shardOf(event)]?.push(event);
  return shards.flatMap((ofShard, shard) =>
    [...inParts(ofShard, EVENTS_A_TEXT)].map((part): [number, string, string] => {
      const [{ id }] = part as [UsageEvent];
      return [shard, id, JSON.stringify(part.map(journaled))];
    }),
  );
}

export function eventsOf({ events }: Pick<UsageJournalEntry, 'events'>): UsageEvent[] {
  return (JSON.parse(events) as JournaledEvent[]).map(
    ([accessTokenId, accountId, outcome, ...packed]) =>
      unpack({ accessTokenId, accountId, outcome }, packed),
  );
}

/** The newest event on disk; undefined where there is none. */
export async function newestUse(
  sql: Sql,
): Promise<Pick<UsageEvent, 'id' | 'occurredAt'> | undefined> {
  const events: UsageEvent[] = [];
  for (let shard = 0; shard < SHARDS; shard++) {
    const entry = await sql.get<Pick<UsageJournalEntry, 'events'>>(NEWEST_ENTRY, [shard]);
    if (entry !== undefined) events.push(...eventsOf(entry));
  }
  const group = await sql.get<UsageGroup>(NEWEST_GROUP);
  if (group !== undefined) events.push(...eventsIn(group));
  return events.sort((one, other) => (one.id < other.id ? -1 : 1)).at(-1);
}

function shardOf({ accessTokenId }: UsageEvent): number {
  return accessTokenId.charCodeAt(accessTokenId.length - 1) % SHARDS;
}

function journaled(event: UsageEvent): JournaledEvent {
  return [event.accessTokenId, event.accountId, event.outcome, ...pack(event)];
}
