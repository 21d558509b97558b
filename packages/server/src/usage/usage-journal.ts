import type { Sql } from '../database/database.js';
import type { UsageEvent } from '../database/entities/usage-event.js';
import type { UsageGroup } from '../database/entities/usage-group.entity.js';
import type { UsageJournalEntry } from '../database/entities/usage-journal.entity.js';
import { inParts } from '../database/rows.js';
import { USES_A_TEXT, unpack } from './usage-packing.js';

const NEWEST_ENTRY = 'SELECT events FROM usage_journal ORDER BY id DESC LIMIT 1';
const NEWEST_GROUP = 'SELECT * FROM usage_groups ORDER BY id DESC LIMIT 1';

/** Inserts an entry; its values are one of `journalRows`. */
export const INSERT_ENTRY = 'INSERT INTO usage_journal (id, events) VALUES (?, ?)';

/** A batch of uses as it is written: a row or two. Groups and counters come later and in bulk. */
export function journalRows(events: readonly UsageEvent[]): [string, string][] {
  return [...inParts(events, USES_A_TEXT)].map((part) => {
    const [{ id }] = part as [UsageEvent];
    return [id, JSON.stringify(part)];
  });
}

export function eventsOf({ events }: Pick<UsageJournalEntry, 'events'>): UsageEvent[] {
  return JSON.parse(events);
}

/** The newest use on disk; undefined where there is none. */
export async function newestUse(
  sql: Sql,
): Promise<Pick<UsageEvent, 'id' | 'occurredAt'> | undefined> {
  const entry = await sql.get<Pick<UsageJournalEntry, 'events'>>(NEWEST_ENTRY);
  const group = await sql.get<UsageGroup>(NEWEST_GROUP);
  return [...(entry ? eventsOf(entry) : []), ...(group ? unpack(group) : [])]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .at(-1);
}
