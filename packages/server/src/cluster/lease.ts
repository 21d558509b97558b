import type { Sql } from '../database/database.js';
import { DATABASE_NOW } from './database-time.js';

const TAKE = `INSERT INTO leases (name, holder, expiresAt) VALUES (?, ?, ${DATABASE_NOW} + ?)
  ON DUPLICATE KEY UPDATE
    holder = IF(expiresAt <= ${DATABASE_NOW}, VALUES(holder), holder),
    expiresAt = IF(holder = VALUES(holder), VALUES(expiresAt), expiresAt)`;
const HOLDER = 'SELECT holder FROM leases WHERE name = ?';
const RELEASE = 'UPDATE leases SET expiresAt = 0 WHERE name = ? AND holder = ?';

/** A task that one server does for all, until it stops renewing; the database's clock says when that is. */
export class Lease {
  constructor(
    private readonly sql: Sql,
    private readonly name: string,
    private readonly holder: string,
    private readonly lifetimeMs: number,
  ) {}

  /** Takes the lease where it is free, renews it where it is ours; @returns whether we hold it. */
  async hold(): Promise<boolean> {
    await this.sql.run(TAKE, [this.name, this.holder, this.lifetimeMs]);
    const row = await this.sql.get<{ holder: string }>(HOLDER, [this.name]);
    return row?.holder === this.holder;
  }

  /** Lets another server have it at once. */
  async release(): Promise<void> {
    await this.sql.run(RELEASE, [this.name, this.holder]);
  }
}
