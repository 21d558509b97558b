import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const TABLE = 'resource_servers';

/** A resource server whose secret was ended stays listed, with when and why. */
export class RevokedResourceServers1767400300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(TABLE, [
      new TableColumn({ name: 'revokedAt', type: 'bigint', isNullable: true }),
      new TableColumn({
        name: 'revocationNote',
        type: 'varchar',
        length: '250',
        isNullable: true,
      }),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns(TABLE, ['revokedAt', 'revocationNote']);
  }
}
