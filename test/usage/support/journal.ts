import type { UsageEvent } from '../../../packages/server/dist/database/entities/usage-event.js';
import { journalRows } from '../../../packages/server/dist/usage/usage-journal.js';
import type { Stored } from '../../support/stored.js';

/** Writes events into the journal as a server does that has not aggregated them yet. */
export async function enterInJournal(stored: Stored, events: readonly UsageEvent[]): Promise<void> {
  for (const [shard, id, text] of journalRows(events)) {
    await stored.run(
      `INSERT INTO usage_journal (shard, id, events) VALUES (${shard}, '${id}', '${text}')`,
    );
  }
}
