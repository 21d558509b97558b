import { randomUUID } from 'node:crypto';
import type { Sql } from '../database/database.js';
import { DATABASE_NOW } from './database-time.js';

const PREFIX = 'server ';
const AFTER_PREFIX = 'server!';
/** A server that has not been heard of for so long is gone. */
const LIFETIME_MS = 3000;

const RENEW = `INSERT INTO leases (name, holder, expiresAt) VALUES (?, '', ${DATABASE_NOW} + ?)
  ON DUPLICATE KEY UPDATE expiresAt = VALUES(expiresAt)`;
const LIVE = `SELECT name FROM leases WHERE name > ? AND name < ? AND expiresAt > ${DATABASE_NOW}`;
const FORGET = `DELETE FROM leases WHERE name > ? AND name < ? AND expiresAt < ${DATABASE_NOW} - 60000`;
const NAME_CLUSTER = "INSERT IGNORE INTO leases (name, holder, expiresAt) VALUES ('cluster', ?, 0)";

/** Which servers share the database: each renews a row, by the database's clock. */
export class Members {
  readonly id = randomUUID();

  constructor(private readonly sql: Sql) {}

  /** Says that this server lives; @returns the identifiers of the others that do. */
  async renew(): Promise<ReadonlySet<string>> {
    await this.sql.run(RENEW, [PREFIX + this.id, LIFETIME_MS]);
    return this.others();
  }

  /** @returns the identifiers of the others that live. */
  async others(): Promise<ReadonlySet<string>> {
    const rows = await this.sql.all<{ name: string }>(LIVE, [PREFIX, AFTER_PREFIX]);
    const ids = rows.map(({ name }) => name.slice(PREFIX.length));
    return new Set(ids.filter((id) => id !== this.id));
  }

  /** The first renewal; forgets servers that are long gone. */
  async join(): Promise<ReadonlySet<string>> {
    await this.sql.run(FORGET, [PREFIX, AFTER_PREFIX]);
    return this.renew();
  }

  async leave(): Promise<void> {
    await this.sql.run('DELETE FROM leases WHERE name = ?', [PREFIX + this.id]);
  }

  /** The same for all servers of one database, and no other's: it names their channel. */
  async clusterId(): Promise<string> {
    await this.sql.run(NAME_CLUSTER, [randomUUID()]);
    const row = await this.sql.get<{ holder: string }>(
      "SELECT holder FROM leases WHERE name = 'cluster'",
    );
    return row?.holder ?? '';
  }
}
