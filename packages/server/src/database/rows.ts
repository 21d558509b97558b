import type { Sql, SqlValue } from './database.js';

/** Rows a statement at most: each number of rows is a text of its own, which every connection prepares. */
export const ROWS_A_STATEMENT = 64;

/**
 * Inserts many rows with few statements.
 * @param statement an `INSERT … VALUES (?, …)` for one row.
 */
export async function insertRows(
  sql: Sql,
  statement: string,
  rows: Iterable<readonly SqlValue[]>,
): Promise<void> {
  for (const part of inParts(rows, ROWS_A_STATEMENT)) {
    await sql.run(repeatRow(statement, part.length), part.flat());
  }
}

/** Cuts `rows` into parts of `largest` at most; what makes them goes no further than the part that is taken. */
export function* inParts<Row>(rows: Iterable<Row>, largest: number): Generator<readonly Row[]> {
  let part: Row[] = [];
  for (const row of rows) {
    part.push(row);
    if (part.length < largest) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

const texts = new Map<string, string>();

/** `statement`, which inserts one row, for `times` rows. */
export function repeatRow(statement: string, times: number): string {
  const key = `${times} ${statement}`;
  let text = texts.get(key);
  if (text === undefined) {
    const [, head = '', row = ''] = /^(.*\bVALUES\s*)(\(.*\))$/is.exec(statement) ?? [];
    text = head + Array(times).fill(row).join(', ');
    texts.set(key, text);
  }
  return text;
}

/**
 * Has the `(?)` of a statement stand for all of `values`, of which there is one at least.
 * @returns the statement and its values, the last of them repeated: each length is a text of its own, which every connection
 * prepares, so there are only powers of two.
 */
export function withList(statement: string, values: readonly string[]): [string, string[]] {
  const length = 2 ** Math.ceil(Math.log2(values.length));
  const filled = [...values, ...Array<string>(length - values.length).fill(values.at(-1) ?? '')];
  return [statement.replace('(?)', `(${Array(length).fill('?').join()})`), filled];
}
