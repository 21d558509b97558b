import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const NAME = 'sessions_by_device';

/** A sign-in asks whether its device is known, and whether it has a session to replace: not by all that there ever were. */
export class SessionsByDevice1767550000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const sessions = await runner.getTable('sessions');
    if (sessions?.indices.some(({ name }) => name === NAME)) return;
    const columnNames = ['accountId', 'deviceId', 'endedAt'];
    await runner.createIndex('sessions', new TableIndex({ name: NAME, columnNames }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('sessions', NAME);
  }
}
