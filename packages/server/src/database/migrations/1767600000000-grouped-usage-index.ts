import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the marks were named before, with what each part of the roll-up did with the events above its mark. */
const FORMER_PARTS = [
  [
    'usage-by-token',
    `INSERT INTO usage_index (ownerId, outcome, eventId)
     SELECT accessTokenId, outcome, id FROM usage_events WHERE id > ?`,
  ],
  [
    'usage-by-account',
    `INSERT INTO usage_index (ownerId, outcome, eventId)
     SELECT accountId, outcome, id FROM usage_events WHERE id > ?`,
  ],
  [
    'usage-counters',
    `UPDATE access_tokens
     SET useCount = useCount + recent.count, lastUsedAt = recent.occurredAt, lastUsedFrom = recent.ipAddress
     FROM (SELECT accessTokenId, COUNT(*) AS count, MAX(id), occurredAt, ipAddress
       FROM usage_events WHERE id > ? GROUP BY accessTokenId) AS recent
     WHERE access_tokens.id = recent.accessTokenId`,
  ],
] as const;
const COLUMNS = [
  ['eventCount', 'integer NOT NULL DEFAULT 1'],
  ['earlierIds', 'text'],
] as const;
const SHARDS = '0123456789abcdef';

/** An entry of the usage index stands for several events, and SQLite's marks are by shard. */
export class GroupedUsageIndex1767600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, type] of COLUMNS) {
      if (await runner.hasColumn('usage_index', name)) continue;
      // Not by the table API: on SQLite it would copy the largest table there is.
      await runner.query(`ALTER TABLE usage_index ADD COLUMN ${name} ${type}`);
    }
    if (runner.connection.options.type === 'better-sqlite3') await moveMarks(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    const isEmbedded = runner.connection.options.type === 'better-sqlite3';
    if (isEmbedded) await countUnmarked(runner);
    await ungroup(runner);
    if (isEmbedded) await restoreMarks(runner);
    await runner.query('ALTER TABLE usage_index DROP COLUMN earlierIds');
    await runner.query('ALTER TABLE usage_index DROP COLUMN eventCount');
  }
}

/** Rolls up what is left over, so that every mark stands at the newest event. */
async function moveMarks(runner: QueryRunner): Promise<void> {
  for (const [id, rollUp] of FORMER_PARTS) {
    const [mark] = await runner.query('SELECT eventId FROM usage_marks WHERE id = ?', [id]);
    await runner.query(rollUp, [mark?.eventId ?? '']);
    await runner.query('DELETE FROM usage_marks WHERE id = ?', [id]);
  }
  for (const shard of SHARDS) {
    await runner.query(
      'INSERT INTO usage_marks (id, eventId) SELECT ?, MAX(id) FROM usage_events HAVING COUNT(*) > 0',
      [shard],
    );
  }
}

async function countUnmarked(runner: QueryRunner): Promise<void> {
  await runner.query(`UPDATE access_tokens
    SET useCount = useCount + recent.count, lastUsedAt = recent.occurredAt, lastUsedFrom = recent.ipAddress
    FROM (SELECT accessTokenId, COUNT(*) AS count, MAX(event.id), occurredAt, ipAddress
      FROM usage_events event LEFT JOIN usage_marks mark ON mark.id = substr(accessTokenId, 36)
      WHERE event.id > COALESCE(mark.eventId, '') GROUP BY accessTokenId) AS recent
    WHERE access_tokens.id = recent.accessTokenId`);
}

async function ungroup(runner: QueryRunner): Promise<void> {
  await runner.query('DELETE FROM usage_index');
  for (const [id, rollUp] of FORMER_PARTS) {
    if (id !== 'usage-counters') await runner.query(rollUp, ['']);
  }
}

async function restoreMarks(runner: QueryRunner): Promise<void> {
  await runner.query('DELETE FROM usage_marks');
  for (const [id] of FORMER_PARTS) {
    await runner.query(
      'INSERT INTO usage_marks (id, eventId) SELECT ?, MAX(id) FROM usage_events HAVING COUNT(*) > 0',
      [id],
    );
  }
}
