import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** The APIs that may introspect and revoke tokens. */
export class ResourceServers1767400200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'resource_servers',
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'name', type: 'varchar', length: '39' },
          { name: 'secretDigest', type: 'varchar', length: '43' },
          { name: 'createdAt', type: 'bigint' },
          { name: 'createdById', type: 'varchar', length: '36' },
        ],
        indices: [
          { name: 'resource_servers_by_name', columnNames: ['name'], isUnique: true },
          { name: 'resource_servers_by_secret', columnNames: ['secretDigest'], isUnique: true },
        ],
      }),
      true,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('resource_servers');
  }
}
