import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const TABLE = 'resource_servers';
const COLUMNS = [
  { name: 'revokedAt', type: 'bigint', isNullable: true },
  { name: 'revocationNote', type: 'varchar', length: '250', isNullable: true },
];

/** A resource server whose secret was ended stays listed, with when and why. */
export class RevokedResourceServers1767400300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const missing: TableColumn[] = [];
    for (const column of COLUMNS) {
      if (!(await runner.hasColumn(TABLE, column.name))) missing.push(new TableColumn(column));
    }
    await runner.addColumns(TABLE, missing);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns(TABLE, ['revokedAt', 'revocationNote']);
  }
}
