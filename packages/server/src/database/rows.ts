import type { Sql, SqlValue } from './database.js';

/** Rows a statement at most: each number of rows is a text of its own to prepare, so there are few of them. */
const LARGEST = 128;

/**
 * Inserts many rows with few statements: each takes 1, 2, 4 … 128 of them.
 * @param statement an `INSERT … VALUES (?, …)` for one row.
 */
export async function insertRows(
  sql: Sql,
  statement: string,
  rows: readonly (readonly SqlValue[])[],
): Promise<void> {
  for (const part of inPowersOfTwo(rows)) {
    await sql.run(repeatRow(statement, part.length), part.flat());
  }
}

/** Cuts `rows` into the fewest parts whose lengths are powers of two. */
export function* inPowersOfTwo<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  let start = 0;
  for (let size = LARGEST; size >= 1; size /= 2) {
    for (; rows.length - start >= size; start += size) yield rows.slice(start, start + size);
  }
}

const texts = new Map<string, string>();

function repeatRow(statement: string, times: number): string {
  const key = `${times} ${statement}`;
  let text = texts.get(key);
  if (text === undefined) {
    const [, head = '', row = ''] = /^(.*\bVALUES\s*)(\(.*\))$/is.exec(statement) ?? [];
    text = head + Array(times).fill(row).join(', ');
    texts.set(key, text);
  }
  return text;
}
