import { fromScopeSet, Scope } from '@latchkey/shared';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { type AccessToken, AccessTokenKind } from '../../database/entities/access-token.entity.js';
import { RemovalReason } from '../../database/entities/removal-reason.js';
import { AccessTokenChangeKind } from '../../pubsub/events.js';
import { AccessTokenStatus, statusOf } from '../../tokens/access-token-status.js';
import type { TokenPage } from '../../tokens/token-listing.service.js';
import type { TokenWithSecret } from '../../tokens/token-store.js';
import { DateTime, toDate } from '../schema/date-time.js';
import { PageInfo } from '../schema/page.type.js';

/** GraphQL's Int ends there; a count beyond it is shown as this. */
const INT_MAX = 2 ** 31 - 1;

@ObjectType('AccessToken', { description: 'A token, or what remains of a removed one.' })
export class AccessTokenType {
  constructor(
    readonly row: AccessToken,
    private readonly now: number,
  ) {}

  @Field(() => ID)
  get id(): string {
    return this.row.id;
  }

  @Field(() => AccessTokenKind)
  get kind(): AccessTokenKind {
    return this.row.kind;
  }

  @Field(() => String)
  get description(): string {
    return this.row.description;
  }

  @Field(() => String, { description: "The secret's prefix and last four characters." })
  get hint(): string {
    return this.row.hint;
  }

  @Field(() => [Scope])
  get scopes(): Scope[] {
    return fromScopeSet(this.row.scopes);
  }

  @Field(() => AccessTokenStatus)
  get status(): AccessTokenStatus {
    return statusOf(this.row, this.now);
  }

  @Field(() => DateTime, { nullable: true })
  get expiresAt(): Date | null {
    return toDate(this.row.expiresAt);
  }

  @Field(() => DateTime)
  get createdAt(): Date {
    return toDate(this.row.createdAt);
  }

  @Field(() => DateTime, { nullable: true })
  get lastUsedAt(): Date | null {
    return toDate(this.row.lastUsedAt);
  }

  @Field(() => String, { nullable: true })
  get lastUsedFrom(): string | null {
    return this.row.lastUsedFrom;
  }

  @Field(() => Int)
  get useCount(): number {
    return Math.min(this.row.useCount, INT_MAX);
  }

  @Field(() => DateTime, { nullable: true })
  get removedAt(): Date | null {
    return toDate(this.row.removedAt);
  }

  @Field(() => RemovalReason, { nullable: true })
  get removalReason(): RemovalReason | null {
    return this.row.removalReason;
  }

  @Field(() => String, { nullable: true })
  get removalNote(): string | null {
    return this.row.removalNote;
  }
}

@ObjectType()
export class AccessTokenEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => AccessTokenType)
  node!: AccessTokenType;
}

@ObjectType()
export class AccessTokenConnection {
  constructor(
    private readonly page: TokenPage,
    private readonly now: number,
  ) {}

  @Field(() => [AccessTokenEdge])
  get edges(): AccessTokenEdge[] {
    return this.page.tokens.map(({ token, cursor }) => ({
      cursor,
      node: new AccessTokenType(token, this.now),
    }));
  }

  @Field(() => PageInfo)
  get pageInfo(): PageInfo {
    return new PageInfo(this.page.hasNextPage, this.page.tokens.at(-1)?.cursor ?? null);
  }

  @Field(() => Int, { description: 'How many the filter matches.' })
  get totalCount(): number {
    return this.page.totalCount;
  }

  @Field(() => Int, { description: "How many of the account's tokens work, whatever the filter." })
  get activeCount(): number {
    return this.page.activeCount;
  }

  @Field(() => Int, { description: 'How many are switched off or expired, whatever the filter.' })
  get inactiveCount(): number {
    return this.page.inactiveCount;
  }
}

@ObjectType()
export class AccessTokenWithSecret {
  constructor({ accessToken, secret }: TokenWithSecret, now: number) {
    this.accessToken = new AccessTokenType(accessToken, now);
    this.secret = secret;
  }

  @Field(() => AccessTokenType)
  accessToken: AccessTokenType;

  @Field(() => String, { description: 'Shown this once.' })
  secret: string;
}

@ObjectType()
export class AccessTokenChange {
  @Field(() => AccessTokenChangeKind)
  kind!: AccessTokenChangeKind;

  @Field(() => AccessTokenType)
  accessToken!: AccessTokenType;
}
