import type { Clock } from '../core/clock.js';
import { lowestIdAt } from '../core/ids.js';
import type { Log } from '../core/log.js';
import type { Database, Sql } from '../database/database.js';
import type { UsageGroup } from '../database/entities/usage-group.entity.js';

/** What a group takes beside its events, with its places in two indexes and the free room of their pages. */
const BYTES_A_GROUP = 500;
/** The share of `LATCHKEY_USAGE_MAX_MB` from which on the log warns. */
const WARNING_SHARE = 0.8;

const SIZE = "SELECT bytes FROM usage_log_size WHERE id = 'all'";
const GROW = "UPDATE usage_log_size SET bytes = bytes + ? WHERE id = 'all'";
const OLDEST = 'SELECT id, events FROM usage_groups ORDER BY id LIMIT ?';
const OLDEST_BEFORE = 'SELECT id, events FROM usage_groups WHERE id < ? ORDER BY id LIMIT ?';
const DELETE = 'DELETE FROM usage_groups WHERE id = ?';

interface UsageBounds {
  /** How long uses are kept, in milliseconds. */
  readonly usageMs: number;
  /** How large the log may be; undefined where it may grow without bound. */
  readonly usageMaxBytes: number | undefined;
}

type OldGroup = Pick<UsageGroup, 'id' | 'events'>;

/** About how many bytes of disk a group takes. */
export function sizeOf({ events }: Pick<UsageGroup, 'events'>): number {
  return BYTES_A_GROUP + Buffer.byteLength(events);
}

/** Adds `bytes`, in the transaction that writes the groups. */
export async function growLog(sql: Sql, bytes: number): Promise<void> {
  if (bytes !== 0) await sql.run(GROW, [bytes]);
}

/** Keeps the usage log within its time and its size. Size is counted by the transactions that add and remove groups. */
export class UsageRetention {
  #warned = false;
  #removedEarly = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: UsageBounds,
    private readonly log: Log,
  ) {}

  /** How large the log is, in bytes, without the events of the last seconds. */
  async size(): Promise<number> {
    const row = await this.database.sql.get<{ bytes: number | string }>(SIZE);
    return Number(row?.bytes ?? 0);
  }

  /** Removes at most `limit` groups: those past their time, and the oldest ones if the log is too large; @returns how many. */
  async forget(limit: number): Promise<number> {
    const size = await this.size();
    this.#warn(size);
    const excess = size - (this.config.usageMaxBytes ?? Number.POSITIVE_INFINITY);
    const before = lowestIdAt(this.clock.now() - this.config.usageMs);
    return this.database.transaction(async ({ sql }) => {
      const groups =
        excess > 0
          ? await sql.all<OldGroup>(OLDEST, [limit])
          : await sql.all<OldGroup>(OLDEST_BEFORE, [before, limit]);
      let removed = 0;
      let freed = 0;
      for (const group of groups) {
        if (group.id >= before && freed >= excess) break;
        // One that another server removed meanwhile is in its sum.
        freed += (await sql.run(DELETE, [group.id])) * sizeOf(group);
        removed++;
      }
      await growLog(sql, -freed);
      return removed;
    });
  }

  /** Once for each time that the log comes so far. */
  #warn(bytes: number): void {
    const { usageMaxBytes: maxBytes } = this.config;
    if (maxBytes === undefined || bytes < WARNING_SHARE * maxBytes) {
      this.#warned = false;
      this.#removedEarly = false;
      return;
    }
    const sizes = { bytes, maxBytes };
    if (bytes > maxBytes && !this.#removedEarly) {
      this.#removedEarly = true;
      this.#warned = true;
      this.log.warn(
        sizes,
        'The usage log is as large as LATCHKEY_USAGE_MAX_MB allows; its oldest events are removed',
      );
    } else if (!this.#warned) {
      this.#warned = true;
      this.log.warn(
        sizes,
        'The usage log comes near LATCHKEY_USAGE_MAX_MB; beyond it, its oldest events are removed',
      );
    }
  }
}
