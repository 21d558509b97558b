import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** The codes by which the first account may be made. */
export class SetupCodes1767900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'setup_codes',
        columns: [{ name: 'digest', type: 'varchar', length: '43', isPrimary: true }],
      }),
      true,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('setup_codes');
  }
}
