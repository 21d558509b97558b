import type { DataSourceOptions } from 'typeorm';
import type { DatabaseTls, MysqlAddress } from './database-settings.js';
import { entities } from './entities/entities.js';
import { migrations } from './migrations/migrations.js';

const CONNECT_LIMIT_MS = 3000;
/** Prepared statements a connection keeps; the server has room for 16,382 of all connections (`max_prepared_stmt_count`). */
const STATEMENTS_KEPT = 250;

export interface MysqlOptions {
  readonly address: MysqlAddress;
  /** Connections at most. */
  readonly pool: number;
  readonly tls: DatabaseTls | undefined;
}

/** How TypeORM connects to `address`. */
export function dataSourceOptions(
  { address, pool, tls }: MysqlOptions,
  { type }: { readonly type: 'mysql' | 'mariadb' },
): DataSourceOptions {
  return {
    type,
    host: address.host,
    port: address.port,
    username: address.user,
    password: address.password,
    database: address.name,
    entities,
    migrations,
    // Compared byte by byte, whatever the server's default: identifiers and digests are exact.
    charset: 'UTF8MB4_BIN',
    connectTimeout: CONNECT_LIMIT_MS,
    poolSize: pool,
    supportBigNumbers: true,
    bigNumberStrings: false,
    ...(tls && { ssl: sslOptions(tls) }),
    extra: { maxPreparedStatements: STATEMENTS_KEPT, enableKeepAlive: true },
  };
}

/** The server's certificate is always checked, its name too. */
export function sslOptions({ ca, cert, key }: DatabaseTls) {
  return {
    rejectUnauthorized: true,
    verifyIdentity: true,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}
