import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { DataSource } from 'typeorm';
import { databaseUnusable, noDatabase } from '../core/start-error.js';
import { dataSourceOptions, type MysqlOptions, sslOptions } from './mysql-options.js';

/** Servers that start together wait so long for the one that migrates. */
const MIGRATION_LIMIT_SECONDS = 600;

/** Which server answers at the address. */
export interface ServerKind {
  readonly type: 'mysql' | 'mariadb';
  /** Whether it is a node of a Galera cluster. */
  readonly galera: boolean;
  /** Whether the database had no tables yet. */
  readonly isNew: boolean;
}

/**
 * Brings the database's schema up to date, one server at a time, without the limits that statements have later.
 * @param mustExist refuses a database without tables.
 * @returns what kind of server it is.
 */
export async function migrateMysql(options: MysqlOptions, mustExist = false): Promise<ServerKind> {
  const { address, tls } = options;
  const connection = await createConnection({
    host: address.host,
    port: address.port,
    user: address.user,
    password: address.password,
    database: address.name,
    ...(tls && { ssl: sslOptions(tls) }),
  }).catch((error: unknown) => {
    throw databaseUnusable(address.location, error);
  });
  try {
    const kind = await kindOf(connection);
    if (kind.isNew && mustExist) throw noDatabase(address.location);
    const lockName = `latchkey migrations ${address.name}`.slice(0, 64);
    const locked = await connection.execute<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS locked', [
      lockName,
      MIGRATION_LIMIT_SECONDS,
    ]);
    if (Number(locked[0][0]?.['locked']) !== 1) {
      throw new Error('Another server is migrating the database and does not come to an end.');
    }
    await compareByteByByte(connection, address.name);
    const source = await new DataSource(
      dataSourceOptions({ ...options, pool: 1 }, kind),
    ).initialize();
    await source.runMigrations({ transaction: 'none' }).finally(() => source.destroy());
    return kind;
  } finally {
    connection.destroy(); // and with it the lock
  }
}

async function kindOf(connection: Connection): Promise<ServerKind> {
  const [[version]] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  const [wsrep] = await connection.query<RowDataPacket[]>("SHOW VARIABLES LIKE 'wsrep_on'");
  const [tables] = await connection.query<RowDataPacket[]>("SHOW TABLES LIKE 'migrations'");
  return {
    type: /mariadb/i.test(String(version?.['version'])) ? 'mariadb' : 'mysql',
    galera: wsrep[0]?.['Value'] === 'ON',
    isNew: tables.length === 0,
  };
}

/** Tables take after their database: identifiers, digests and folded names are compared as they are, byte by byte. */
async function compareByteByByte(connection: Connection, name: string): Promise<void> {
  const [[schema]] = await connection.execute<RowDataPacket[]>(
    'SELECT DEFAULT_COLLATION_NAME AS collation FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?',
    [name],
  );
  if (schema?.['collation'] === 'utf8mb4_bin') return;
  await connection.query(`ALTER DATABASE \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
}
