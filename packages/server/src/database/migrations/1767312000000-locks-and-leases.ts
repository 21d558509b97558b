import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** What servers that share a database agree by: locks within a transaction, leases beyond it. */
export class LocksAndLeases1767312000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'locks',
        columns: [
          { name: 'name', type: 'varchar', length: '36', isPrimary: true },
          { name: 'holds', type: 'bigint' },
        ],
      }),
      true,
    );
    await runner.createTable(
      new Table({
        name: 'leases',
        columns: [
          { name: 'name', type: 'varchar', length: '64', isPrimary: true },
          { name: 'holder', type: 'varchar', length: '36' },
          { name: 'expiresAt', type: 'bigint' },
        ],
      }),
      true,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('leases');
    await runner.dropTable('locks');
  }
}
