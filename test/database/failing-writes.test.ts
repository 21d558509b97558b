import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UncertainCommit } from '../../packages/server/dist/database/database-errors.js';
import { Lease } from '../../packages/server/dist/database/entities/lease.entity.js';
import { CODES, type Fault, type FaultyDatabase, openFaulty } from '../support/faulty-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const INSERT = 'INSERT INTO leases (name, holder, expiresAt) VALUES (?, ?, ?)';
const ROUNDS = 120;
const PRINT_ROWS = fileURLToPath(new URL('../support/print-rows.js', import.meta.url));

interface Write {
  readonly way: 'transaction' | 'manager' | 'bulk' | 'batch';
  readonly rows: number;
  readonly fault: Fault | undefined;
}

const writes: fc.Arbitrary<Write[]> = fc.array(
  fc.record({
    way: fc.constantFrom('transaction', 'manager', 'bulk', 'batch'),
    rows: fc.integer({ min: 1, max: 5 }),
    fault: fc.option(
      fc.record({
        after: fc.integer({ min: 0, max: 5 }),
        late: fc.boolean(),
        lasting: fc.boolean(),
        code: fc.constantFrom(...CODES),
      }),
      { nil: undefined },
    ),
  }),
  { minLength: ROUNDS, maxLength: ROUNDS },
);

/** Writes so many rows of this holder. @param effects gets those that are announced */
async function write(
  { database }: FaultyDatabase,
  { way, rows, fault }: Write,
  holder: string,
  effects: string[] = [],
): Promise<void> {
  const values = Array.from({ length: rows }, (_, row) => [`${holder} ${row}`, holder, 0] as const);
  if (way === 'batch') await database.insertBatch(INSERT, () => values);
  else if (way === 'bulk') {
    await database.bulk(async (sql) => {
      for (const row of values) await sql.run(INSERT, row);
    });
  } else {
    await database.transaction(async ({ sql, manager, afterCommit }) => {
      afterCommit(() => effects.push(holder));
      for (const [name, holder, expiresAt] of values) {
        const inserted =
          way === 'manager'
            ? manager.insert(Lease, { name, holder, expiresAt })
            : sql.run(INSERT, [name, holder, expiresAt]);
        await inserted.catch((error: unknown) => {
          // Some work goes on nevertheless: where the transaction has ended, that must be refused.
          if (!fault?.late) throw error;
        });
      }
    });
  }
}

test('whatever statement fails, what is acknowledged is found by another process, and what failed is not there in part', async () => {
  // One long run, since it takes a database; it names its seed where it fails.
  await fc.assert(fc.asyncProperty(writes, compare), { numRuns: 1, endOnFailure: true });
});

/** Read by a process of its own. */
async function rowsByHolder({ url }: TestDatabase): Promise<Map<string, number>> {
  const query =
    "SELECT holder, COUNT(*) AS count FROM leases WHERE name <> 'trial of writing' GROUP BY holder";
  const { stdout } = await promisify(execFile)(process.execPath, [PRINT_ROWS, url, query]);
  const rows = JSON.parse(stdout) as { holder: string; count: number }[];
  return new Map(rows.map(({ holder, count }) => [holder, Number(count)]));
}

test.for([
  ['has no page left', 'max_page_count = 1', 'max_page_count = 1073741823', 'SQLITE_FULL'],
  ['may only be read', 'query_only = ON', 'query_only = OFF', 'SQLITE_READONLY'],
] as const)(
  'a database that %s takes nothing, in whatever way it is written, and heals',
  async ([, set, reset, code], context) => {
    await using place = await createTestDatabase();
    if (place.engine === 'mysql') return context.skip();
    const ways = ['transaction', 'manager', 'bulk', 'batch'] as const;
    const rows = 400; // more than fit into the pages that it has
    {
      await using faulty = await openFaulty(place);
      await faulty.pragma(set);
      for (const way of ways) {
        const failing = write(faulty, { way, rows, fault: undefined }, `failed ${way}`);
        await expect(failing).rejects.toMatchObject({ code });
        expect(faulty.database.writes.failure).toContain(code);
      }
      await faulty.pragma(reset);
      await faulty.database.writes.retry();
      expect(faulty.database.writes.failure).toBeUndefined();
      for (const way of ways) await write(faulty, { way, rows, fault: undefined }, `done ${way}`);
    }
    const counts = await rowsByHolder(place);
    expect(counts).toEqual(new Map(ways.map((way) => [`done ${way}`, rows] as const)));
  },
);

async function compare(sample: readonly Write[]): Promise<void> {
  await using place = await createTestDatabase();
  const acknowledged: string[] = [];
  const possible = new Set<string>();
  const failed: string[] = [];
  const wronglyAnnounced: string[] = [];
  const unexplained: unknown[] = [];
  let failure: string | undefined;
  {
    await using faulty = await openFaulty(place);
    for (const [index, each] of sample.entries()) {
      const holder = `write ${index}`;
      const effects: string[] = [];
      try {
        await faulty.during(each.fault, () => write(faulty, each, holder, effects));
        acknowledged.push(holder);
        const announces = each.way === 'transaction' || each.way === 'manager';
        if (announces !== (effects.length === 1)) wronglyAnnounced.push(holder);
      } catch (error) {
        failed.push(holder);
        if (each.fault === undefined) {
          unexplained.push(error);
          break;
        }
        if (effects.length > 0) wronglyAnnounced.push(holder);
        // A single statement of MySQL's that got no answer may have happened as well.
        const uncertain = error instanceof UncertainCommit || each.way === 'batch';
        if (place.engine === 'mysql' && uncertain) possible.add(holder);
      }
      await write(faulty, { way: 'transaction', rows: 1, fault: undefined }, `after ${index}`);
      acknowledged.push(`after ${index}`);
    }
    await faulty.database.writes.retry();
    failure = faulty.database.writes.failure;
  }
  const counts = await rowsByHolder(place);
  expect(wronglyAnnounced).toEqual([]);
  expect(acknowledged.filter((holder) => !counts.has(holder))).toEqual([]);
  expect(failed.filter((holder) => counts.has(holder) && !possible.has(holder))).toEqual([]);
  const inPart = sample.filter(({ rows }, index) => {
    const count = counts.get(`write ${index}`);
    return count !== undefined && count !== rows;
  });
  expect(inPart).toEqual([]);
  expect([failure, unexplained]).toEqual([undefined, []]);
  expect(failed.length).toBeGreaterThan(ROUNDS / 10);
}
