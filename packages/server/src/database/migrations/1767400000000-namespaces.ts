import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** What accounts say of their namespaces. */
export class Namespaces1767400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'namespaces',
        columns: [
          { name: 'name', type: 'varchar', length: '39', isPrimary: true },
          { name: 'ownerId', type: 'varchar', length: '36' },
          { name: 'isPublic', type: 'boolean' },
          { name: 'changedAt', type: 'bigint' },
        ],
      }),
      true,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('namespaces');
  }
}
