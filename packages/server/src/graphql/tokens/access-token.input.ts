import { Scope } from '@latchkey/shared';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { AccessTokenKind } from '../../database/entities/access-token.entity.js';
import { AccessTokenStatus } from '../../tokens/access-token-status.js';
import { AccessTokenOrder } from '../../tokens/token-listing.service.js';
import { DateTime } from '../schema/date-time.js';
import { PageArgs } from '../schema/page.type.js';

@InputType()
export class AccessTokenFilter {
  @Field(() => [AccessTokenKind], { nullable: true })
  kinds?: AccessTokenKind[] | null;

  @Field(() => [AccessTokenStatus], {
    nullable: true,
    description: 'Without it, all but the removed ones.',
  })
  statuses?: AccessTokenStatus[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Part of a description in any case, or of a hint.',
  })
  search?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Those neither used nor created since then.',
  })
  unusedSince?: Date | null;
}

@ArgsType()
export class AccessTokensArgs extends PageArgs {
  @Field(() => AccessTokenFilter, { nullable: true })
  filter?: AccessTokenFilter | null;

  @Field(() => AccessTokenOrder, {
    nullable: true,
    defaultValue: AccessTokenOrder.CREATED_AT_DESC,
  })
  orderBy!: AccessTokenOrder | null;
}

@InputType()
export class CreateAccessTokenInput {
  @Field(() => String, {
    nullable: true,
    description: '1 to 100 characters; without it, one is made from the date and the device.',
  })
  description?: string | null;

  @Field(() => [Scope], { description: 'At least one.' })
  scopes!: Scope[];

  @Field(() => DateTime, {
    nullable: true,
    description:
      "Chosen once; it cannot be edited. Up to a day beyond the server's maximum it is the maximum.",
  })
  expiresAt?: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: "In the place of expiresAt, counted by the server's clock.",
  })
  expiresInSeconds?: number | null;
}

@InputType()
export class UpdateAccessTokenInput {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true })
  description?: string | null;

  @Field(() => Boolean, { nullable: true })
  active?: boolean | null;
}
