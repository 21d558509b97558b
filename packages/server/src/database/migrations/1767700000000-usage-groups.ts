import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const ROWS_AT_ONCE = 20_000;
const GROUPS_AT_ONCE = 500;
const SHARDS = '0123456789abcdef';

const id = (name: string) => ({ name, type: 'varchar', length: '36' });
const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) });

const usageGroups = () =>
  new Table({
    name: 'usage_groups',
    withoutRowid: true,
    columns: [
      { ...id('id'), isPrimary: true },
      id('accessTokenId'),
      id('accountId'),
      text('outcome', 8),
      id('oldestId'),
      { name: 'eventCount', type: 'integer' },
      { name: 'events', type: 'text' },
    ],
    indices: [
      {
        name: 'usage_groups_by_token',
        columnNames: ['accessTokenId', 'outcome', 'id', 'eventCount'],
      },
      { name: 'usage_groups_by_account', columnNames: ['accountId', 'outcome', 'id'] },
    ],
  });

const usageEvents = () =>
  new Table({
    name: 'usage_events',
    withoutRowid: true,
    columns: [
      { ...id('id'), isPrimary: true },
      id('accessTokenId'),
      id('accountId'),
      { name: 'occurredAt', type: 'bigint' },
      text('outcome', 8),
      { ...text('reason', 250), isNullable: true },
      text('endpoint', 16),
      { ...text('action', 32), isNullable: true },
      { ...text('resource', 256), isNullable: true },
      { ...text('ipAddress', 45), isNullable: true },
      { ...text('userAgent', 256), isNullable: true },
    ],
  });

const usageIndex = () =>
  new Table({
    name: 'usage_index',
    withoutRowid: true,
    columns: [
      { ...id('ownerId'), isPrimary: true },
      { ...text('outcome', 8), isPrimary: true },
      { ...id('eventId'), isPrimary: true },
      { name: 'eventCount', type: 'integer', default: 1 },
      { name: 'earlierIds', type: 'text', isNullable: true },
    ],
  });

const LAST_OF_MANY = `SELECT id FROM usage_events WHERE id > ?
  ORDER BY id LIMIT 1 OFFSET ${ROWS_AT_ONCE - 1}`;
const GROUP = `INSERT INTO usage_groups (id, accessTokenId, accountId, outcome, oldestId, eventCount, events)
  SELECT event.id, event.accessTokenId, event.accountId, event.outcome, event.id, 1,
    JSON_ARRAY(JSON_ARRAY(event.id, occurredAt, reason, endpoint, action, resource, ipAddress, userAgent))
  FROM usage_events event LEFT JOIN usage_groups done ON done.id = event.id
  WHERE done.id IS NULL AND event.id > ? AND event.id <= COALESCE(?, event.id)`;
const UNGROUP = `INSERT INTO usage_events (id, accessTokenId, accountId, outcome,
    occurredAt, reason, endpoint, action, resource, ipAddress, userAgent)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const INDEX = [
  'INSERT INTO usage_index (ownerId, outcome, eventId) SELECT accessTokenId, outcome, id FROM usage_events',
  'INSERT INTO usage_index (ownerId, outcome, eventId) SELECT accountId, outcome, id FROM usage_events',
];
/** SQLite counted the uses of a token up to its shard's mark. */
const COUNT_UNMARKED = `UPDATE access_tokens
  SET useCount = useCount + recent.count, lastUsedAt = recent.occurredAt, lastUsedFrom = recent.ipAddress
  FROM (SELECT accessTokenId, COUNT(*) AS count, MAX(event.id), occurredAt, ipAddress
    FROM usage_events event LEFT JOIN usage_marks mark ON mark.id = substr(accessTokenId, 36)
    WHERE event.id > COALESCE(mark.eventId, '') GROUP BY accessTokenId) AS recent
  WHERE access_tokens.id = recent.accessTokenId`;
const COUNT = `UPDATE access_tokens SET useCount = useCount + 1, lastUsedAt = ?, lastUsedFrom = ?
  WHERE id = ?`;

/** Uses are kept in groups of a token's, in place of a row and two entries of an index for each; both engines have a journal. */
export class UsageGroups1767700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(usageGroups(), true);
    if (await runner.hasTable('usage_events')) {
      if (isEmbedded(runner)) {
        await runner.query(COUNT_UNMARKED);
        await moveMarks(runner);
      }
      await group(runner);
    }
    await runner.dropTable('usage_index', true);
    await runner.dropTable('usage_events', true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.createTable(usageEvents(), true);
    await runner.createTable(usageIndex(), true);
    await ungroup(runner);
    // MySQL's journal is read by the release before, too.
    if (isEmbedded(runner)) {
      await emptyJournal(runner);
      await moveMarks(runner);
    }
    for (const statement of INDEX) await runner.query(statement);
    await runner.dropTable('usage_groups');
  }
}

function isEmbedded(runner: QueryRunner): boolean {
  return runner.connection.options.type === 'better-sqlite3';
}

async function moveMarks(runner: QueryRunner): Promise<void> {
  await runner.query('DELETE FROM usage_marks');
  for (const shard of SHARDS) {
    await runner.query(
      'INSERT INTO usage_marks (id, eventId) SELECT ?, MAX(id) FROM usage_events HAVING COUNT(*) > 0',
      [shard],
    );
  }
}

/** Each a group of its own, in steps that MySQL takes one by one. */
async function group(runner: QueryRunner): Promise<void> {
  for (let after = ''; ; ) {
    const [last] = await runner.query(LAST_OF_MANY, [after]);
    await runner.query(GROUP, [after, last?.id ?? null]);
    if (last === undefined) return;
    after = last.id;
  }
}

async function ungroup(runner: QueryRunner): Promise<void> {
  const next = `SELECT * FROM usage_groups WHERE id > ? ORDER BY id LIMIT ${GROUPS_AT_ONCE}`;
  for (let after = ''; ; ) {
    const groups = await runner.query(next, [after]);
    for (const { accessTokenId, accountId, outcome, events } of groups) {
      for (const [useId, ...rest] of JSON.parse(events)) {
        await runner.query(UNGROUP, [useId, accessTokenId, accountId, outcome, ...rest]);
      }
    }
    if (groups.length < GROUPS_AT_ONCE) return;
    after = groups.at(-1).id;
  }
}

/** What was grouped already, before a kill, is left out. */
async function emptyJournal(runner: QueryRunner): Promise<void> {
  for (const { events } of await runner.query('SELECT events FROM usage_journal ORDER BY id')) {
    for (const event of JSON.parse(events)) {
      const [there] = await runner.query('SELECT id FROM usage_events WHERE id = ?', [event.id]);
      if (there !== undefined) continue;
      const { occurredAt, reason, endpoint, action, resource, ipAddress, userAgent } = event;
      const first = [event.id, event.accessTokenId, event.accountId, event.outcome];
      const rest = [occurredAt, reason, endpoint, action, resource, ipAddress, userAgent];
      await runner.query(UNGROUP, [...first, ...rest]);
      await runner.query(COUNT, [occurredAt, ipAddress, event.accessTokenId]);
    }
  }
  await runner.query('DELETE FROM usage_journal');
}
