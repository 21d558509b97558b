import { LIMITS } from '@latchkey/shared';

/** What a field costs, stated beside it as TypeGraphQL's `complexity`. A number is added to what the fields below it cost. */
export type FieldComplexity = (field: {
  /** As the request has them, with neither types nor the schema's defaults. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Of one row. */
  readonly childComplexity: number;
}) => number;

/** What a page has where its size is not given. */
export const DEFAULT_ROWS = 50;

/** Of a field that reads one row of its own. */
export const ROW_COMPLEXITY = 2;

/** Of a list that takes `PageArgs`. */
export const pageComplexity: FieldComplexity = ({ args: { first }, childComplexity }) =>
  1 + childComplexity * rowsOf(first ?? DEFAULT_ROWS);

/** Of a list that nobody bounds: every live session, which are few, but need not be. */
export const listComplexity: FieldComplexity = ({ childComplexity }) =>
  1 + childComplexity * LIMITS.pageMaxLength;

function rowsOf(first: unknown): number {
  const max = LIMITS.pageMaxLength;
  return typeof first === 'number' ? Math.min(max, Math.max(1, first)) : max;
}
