import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** Uses that are still to be entered in their tables, where several servers write them. */
export class UsageJournal1767500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'usage_journal',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'events', type: 'text' },
        ],
      }),
      true,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('usage_journal');
  }
}
