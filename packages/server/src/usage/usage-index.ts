import type { Sql, SqlValue } from '../database/database.js';
import { inParts, insertRows } from '../database/rows.js';
import type { UsageEvent } from './usage-event.entity.js';

const INSERT_ENTRY = 'INSERT INTO usage_index (ownerId, outcome, eventId) VALUES (?, ?, ?)';

/**
 * Enters a batch into the usage index and into its tokens' counters, in the batch's own transaction. That is what MySQL
 * does instead of rolling up later: a mark says how far one writer has come, and here there are several, whose batches
 * commit in no order of their identifiers. It costs two more rows a use, and a page of uses never waits for anything.
 */
export async function indexAndCount(sql: Sql, events: readonly UsageEvent[]): Promise<void> {
  const entries = events.flatMap(({ accessTokenId, accountId, outcome, id }) => [
    [accessTokenId, outcome, id],
    [accountId, outcome, id],
  ]);
  await insertRows(sql, INSERT_ENTRY, entries.sort(byKey));
  for (const part of inParts(countersOf(events))) {
    await sql.run(countStatement(part.length), part.flat());
  }
}

function byKey(one: readonly SqlValue[], other: readonly SqlValue[]): number {
  return one.join() < other.join() ? -1 : 1;
}

/** Adds to the counters of `tokens` tokens in one statement. */
function countStatement(tokens: number): string {
  const first = 'SELECT ? AS uses, ? AS usedAt, ? AS usedFrom, ? AS id';
  const counted = [first, ...Array(tokens - 1).fill('SELECT ?, ?, ?, ?')].join(' UNION ALL ');
  return `UPDATE access_tokens token JOIN (${counted}) counted ON counted.id = token.id
    SET token.useCount = token.useCount + counted.uses,
      token.lastUsedFrom = IF(counted.usedAt >= COALESCE(token.lastUsedAt, 0), counted.usedFrom, token.lastUsedFrom),
      token.lastUsedAt = GREATEST(counted.usedAt, COALESCE(token.lastUsedAt, 0))`;
}

/** What each token is to count, in the order of the tokens' keys: every server then locks them in the same order. */
function countersOf(events: readonly UsageEvent[]): SqlValue[][] {
  const byToken = new Map<string, { count: number; last: UsageEvent }>();
  for (const event of events) {
    const count = (byToken.get(event.accessTokenId)?.count ?? 0) + 1;
    byToken.set(event.accessTokenId, { count, last: event });
  }
  return [...byToken]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, { count, last }]) => [count, last.occurredAt, last.ipAddress, id]);
}
