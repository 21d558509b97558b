import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const TABLE = 'usage_log_size';

/** How large the usage log is, in one row. */
export class UsageLogSize1767650000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: TABLE,
        columns: [
          { name: 'id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'bytes', type: 'bigint' },
        ],
      }),
      true,
    );
    const [row] = await runner.query(`SELECT id FROM ${TABLE}`);
    if (row === undefined) await runner.query(`INSERT INTO ${TABLE} (id, bytes) VALUES ('all', 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(TABLE);
  }
}
