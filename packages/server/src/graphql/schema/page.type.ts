import { LIMITS } from '@latchkey/shared';
import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { requireValid } from '../../core/validation.js';
import { DEFAULT_ROWS } from '../limits/complexity.js';

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
