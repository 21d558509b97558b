import { LIMITS } from '@latchkey/shared';
import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { requireValid } from '../../core/validation.js';
import type { FieldComplexity } from '../limits/operation-measure.js';

const DEFAULT_ROWS = 50;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: DEFAULT_ROWS, nullable: true })
  first!: number | null;

  @Field(() => String, { nullable: true })
  after?: string | null;
}

@ObjectType()
export class PageInfo {
  constructor(hasNextPage: boolean, endCursor: string | null) {
    this.hasNextPage = hasNextPage;
    this.endCursor = endCursor;
  }

  @Field(() => Boolean)
  hasNextPage: boolean;

  @Field(() => String, { nullable: true })
  endCursor: string | null;
}

/** The page that was asked for, in bounds. @throws LatchkeyError VALIDATION_FAILED */
export function checkedPage({ first, after }: PageArgs): { first: number; after?: string } {
  const size = first ?? DEFAULT_ROWS;
  const max = LIMITS.pageMaxLength;
  requireValid(['first', size >= 1 && size <= max ? undefined : `A page has 1 to ${max} rows.`]);
  return after ? { first: size, after } : { first: size };
}

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
