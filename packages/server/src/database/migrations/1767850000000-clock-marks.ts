import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** The latest time that a database has seen, behind which no clock goes. */
export class ClockMarks1767850000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'clock_marks',
        columns: [
          { name: 'name', type: 'varchar', length: '36', isPrimary: true },
          { name: 'latestMs', type: 'bigint' },
          { name: 'afterEventId', type: 'varchar', length: '36' },
        ],
      }),
      true,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('clock_marks');
  }
}
