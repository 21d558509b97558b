import { openStored } from '../../support/stored.js';
import type { TestDatabase } from '../../support/test-database.js';

/** The bytes and the number of the uses on disk, in groups and in the journal. */
export async function onDisk(database: TestDatabase): Promise<{ bytes: number; uses: number }> {
  await using stored = await openStored(database);
  let bytes = 0;
  let uses = 0;
  for (const table of ['usage_journal', 'usage_groups']) {
    for (const { events } of await stored.all<{ events: string }>(`SELECT events FROM ${table}`)) {
      bytes += Buffer.byteLength(events);
      uses += JSON.parse(events).length;
    }
  }
  return { bytes, uses };
}
