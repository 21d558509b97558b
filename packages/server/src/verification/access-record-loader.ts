import pLimit from 'p-limit';
import type { Sql } from '../database/database.js';
import { type AccessRecord, readAccessRecords } from './access-record.js';

/** While so many statements are under way, further requests are gathered for the next. */
const STATEMENTS_AT_ONCE = 2;
const LARGEST = 128;

interface Gathering {
  readonly digests: Set<string>;
  readonly records: Promise<ReadonlyMap<string, AccessRecord>>;
}

/**
 * Reads access records from a database that is a network away, many to a statement where many are asked for at once. A
 * record is never older than the question for it: nobody joins a statement that has begun.
 */
export class AccessRecordLoader {
  readonly #limit = pLimit(STATEMENTS_AT_ONCE);
  #open: Gathering | undefined;

  constructor(private readonly sql: Sql) {}

  async load(digest: string): Promise<AccessRecord | undefined> {
    this.#open ??= this.#begin();
    const { digests, records } = this.#open;
    digests.add(digest);
    if (digests.size === LARGEST) this.#open = undefined;
    return (await records).get(digest);
  }

  #begin(): Gathering {
    const digests = new Set<string>();
    const records = this.#limit(() => {
      if (this.#open?.digests === digests) this.#open = undefined;
      return readAccessRecords(this.sql, [...digests]);
    });
    return { digests, records };
  }
}
