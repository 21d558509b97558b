import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** The keys that sign registry tokens. */
export class SigningKeys1767400100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'signing_keys',
        columns: [
          { name: 'kid', type: 'varchar', length: '64', isPrimary: true },
          { name: 'privateKey', type: 'varchar', length: '4000' },
          { name: 'certificate', type: 'varchar', length: '4000' },
          { name: 'createdAt', type: 'bigint' },
          { name: 'activeFrom', type: 'bigint' },
          { name: 'certificateExpiresAt', type: 'bigint' },
        ],
      }),
      true,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('signing_keys');
  }
}
