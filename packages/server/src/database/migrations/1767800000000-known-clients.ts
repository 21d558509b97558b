import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** The devices and networks that each account has signed in from. Existing accounts' are learnt at their next sign-in. */
export class KnownClients1767800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'known_clients',
        columns: [
          { name: 'digest', type: 'varchar', length: '43', isPrimary: true },
          { name: 'accountId', type: 'varchar', length: '36' },
          { name: 'lastSignInAt', type: 'bigint' },
        ],
        indices: [
          { name: 'known_clients_by_account', columnNames: ['accountId'] },
          { name: 'known_clients_by_sign_in', columnNames: ['lastSignInAt'] },
        ],
      }),
      true,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('known_clients');
  }
}
