import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UncertainCommit } from '../../packages/server/dist/database/database-errors.js';
import { Lease } from '../../packages/server/dist/database/entities/lease.entity.js';
import { openDatabase } from '../../packages/server/dist/database/open-database.js';
import { loadConfig } from '../../packages/server/dist/server.js';
import { type Fault, type FaultyDatabase, openFaulty } from '../support/faulty-database.js';
import { createTestDatabase } from '../support/test-database.js';

const INSERT = 'INSERT INTO leases (name, holder, expiresAt) VALUES (?, ?, ?)';
const ROUNDS = 120;

interface Write {
  readonly way: 'transaction' | 'manager' | 'bulk' | 'batch';
  readonly rows: number;
  readonly fault: Fault | undefined;
}

const writes: fc.Arbitrary<Write[]> = fc.array(
  fc.record({
    way: fc.constantFrom('transaction', 'manager', 'bulk', 'batch'),
    rows: fc.integer({ min: 1, max: 3 }),
    fault: fc.option(
      fc.record({
        after: fc.integer({ min: 0, max: 5 }),
        late: fc.boolean(),
        lasting: fc.boolean(),
      }),
      { nil: undefined },
    ),
  }),
  { minLength: ROUNDS, maxLength: ROUNDS },
);

/** Writes so many rows of this holder; @returns the effects that were announced */
async function write({ database }: FaultyDatabase, { way, rows }: Write, holder: string) {
  const effects: string[] = [];
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
        if (way === 'manager') await manager.insert(Lease, { name, holder, expiresAt });
        else await sql.run(INSERT, [name, holder, expiresAt]);
      }
    });
  }
  return effects;
}

test('whatever statement fails, what is acknowledged is found by another process, and what failed is not there in part', async () => {
  // One long run, since it takes a database; it names its seed where it fails.
  await fc.assert(fc.asyncProperty(writes, compare), { numRuns: 1, endOnFailure: true });
});

async function compare(sample: readonly Write[]): Promise<void> {
  await using place = await createTestDatabase();
  const acknowledged: string[] = [];
  const possible = new Set<string>();
  const failed: string[] = [];
  {
    await using faulty = await openFaulty(place);
    for (const [index, each] of sample.entries()) {
      const holder = `write ${index}`;
      try {
        const effects = await faulty.during(each.fault, () => write(faulty, each, holder));
        acknowledged.push(holder);
        if (each.way === 'transaction' || each.way === 'manager') expect(effects).toEqual([holder]);
      } catch (error) {
        failed.push(holder);
        // A single statement of MySQL's that got no answer may have happened as well.
        const uncertain = error instanceof UncertainCommit || each.way === 'batch';
        if (place.engine === 'mysql' && uncertain) possible.add(holder);
      }
      await write(faulty, { way: 'transaction', rows: 1, fault: undefined }, `after ${index}`);
      acknowledged.push(`after ${index}`);
    }
    await faulty.database.writes.retry();
    expect(faulty.database.writes.failure).toBeUndefined();
  }
  const database = await openDatabase(loadConfig({ DATABASE_URL: place.url, ...place.env }));
  const found = await database.sql.all<{ holder: string; count: number }>(
    "SELECT holder, COUNT(*) AS count FROM leases WHERE name LIKE '%write %' OR name LIKE 'after %' GROUP BY holder",
  );
  await database.close();
  const counts = new Map(found.map(({ holder, count }) => [holder, Number(count)]));
  expect(failed.length).toBeGreaterThan(ROUNDS / 10);
  expect(acknowledged.filter((holder) => !counts.has(holder))).toEqual([]);
  expect(failed.filter((holder) => counts.has(holder) && !possible.has(holder))).toEqual([]);
  const inPart = sample.filter(({ rows }, index) => {
    const count = counts.get(`write ${index}`);
    return count !== undefined && count !== rows;
  });
  expect(inPart).toEqual([]);
}
