import { fromScopeSet, Scope } from '@latchkey/shared';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { type Account, AccountRole } from '../../database/entities/account.entity.js';
import { DateTime, toDate } from '../schema/date-time.js';

@ObjectType('Account', { description: 'Somebody who signs in.' })
export class AccountType {
  constructor(readonly row: Account) {}

  @Field(() => ID)
  get id(): string {
    return this.row.id;
  }

  @Field(() => String)
  get username(): string {
    return this.row.username;
  }

  @Field(() => String)
  get email(): string {
    return this.row.email;
  }

  @Field(() => AccountRole)
  get role(): AccountRole {
    return this.row.role;
  }

  @Field(() => [Scope], {
    description: "What the account may do now; a token's scopes are cut to it at every use.",
  })
  get permissions(): Scope[] {
    return fromScopeSet(this.row.permissions);
  }

  @Field(() => Boolean)
  get twoFactorEnabled(): boolean {
    return false;
  }

  @Field(() => DateTime)
  get createdAt(): Date {
    return toDate(this.row.createdAt);
  }
}

@InputType()
export class SignUpInput {
  @Field(() => String, {
    description: '2 to 39 of a–z, 0–9 and single hyphens; case does not count.',
  })
  username!: string;

  @Field(() => String)
  email!: string;

  @Field(() => String, { description: '12 characters or more of any kind.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Of the first account: the server prints it when it starts. Later it counts for nothing.',
  })
  setupCode?: string | null;
}
