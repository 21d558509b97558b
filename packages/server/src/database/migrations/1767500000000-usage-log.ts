import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const id = (name: string) => ({ name, type: 'varchar', length: '36' });

/** Usage events: in the journal first, then in groups; and how large the groups are together. */
export class UsageLog1767500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(journal(), true);
    await runner.createTable(groups(), true);
    await runner.createTable(size(), true);
    const [row] = await runner.query('SELECT id FROM usage_log_size');
    if (row !== undefined) return;
    await runner.query("INSERT INTO usage_log_size (id, bytes) VALUES ('all', 0)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('usage_log_size');
    await runner.dropTable('usage_groups');
    await runner.dropTable('usage_journal');
  }
}

const journal = () =>
  new Table({
    name: 'usage_journal',
    columns: [
      { name: 'shard', type: 'integer', isPrimary: true },
      { ...id('id'), isPrimary: true },
      { name: 'events', type: 'text' },
    ],
  });

const groups = () =>
  new Table({
    name: 'usage_groups',
    withoutRowid: true,
    columns: [
      { ...id('id'), isPrimary: true },
      id('accessTokenId'),
      id('accountId'),
      { name: 'outcome', type: 'varchar', length: '8' },
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

const size = () =>
  new Table({
    name: 'usage_log_size',
    columns: [
      { ...id('id'), isPrimary: true },
      { name: 'bytes', type: 'bigint' },
    ],
  });
