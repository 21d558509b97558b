import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Endpoint, type UsageEvent, UseOutcome } from '../../database/entities/usage-event.js';
import type { UsagePage } from '../../usage/usage.service.js';
import { DateTime, toDate } from '../schema/date-time.js';
import { PageInfo } from '../schema/page.type.js';

@ObjectType('UsageEvent', { description: 'One verification of one secret.' })
export class UsageEventType {
  constructor(private readonly row: UsageEvent) {}

  @Field(() => ID)
  get id(): string {
    return this.row.id;
  }

  @Field(() => ID)
  get accessTokenId(): string {
    return this.row.accessTokenId;
  }

  @Field(() => DateTime)
  get occurredAt(): Date {
    return toDate(this.row.occurredAt);
  }

  @Field(() => UseOutcome)
  get outcome(): UseOutcome {
    return this.row.outcome;
  }

  @Field(() => String, { nullable: true, description: 'Why it was refused.' })
  get reason(): string | null {
    return this.row.reason;
  }

  @Field(() => Endpoint)
  get endpoint(): Endpoint {
    return this.row.endpoint;
  }

  @Field(() => String, { nullable: true, description: 'What was tried, such as GET.' })
  get action(): string | null {
    return this.row.action;
  }

  @Field(() => String, { nullable: true, description: 'What it was tried on, such as a path.' })
  get resource(): string | null {
    return this.row.resource;
  }

  @Field(() => String, { nullable: true })
  get ipAddress(): string | null {
    return this.row.ipAddress;
  }

  @Field(() => String, { nullable: true })
  get userAgent(): string | null {
    return this.row.userAgent;
  }

  @Field(() => Int, {
    description: 'Further refusals like it that came too fast to be recorded one by one.',
  })
  get repeatCount(): number {
    return this.row.repeats?.count ?? 0;
  }

  @Field(() => DateTime, { nullable: true, description: 'When the last of those was.' })
  get repeatedUntil(): Date | null {
    return this.row.repeats ? toDate(this.row.repeats.until) : null;
  }
}

@ObjectType()
export class UsageEventEdge {
  @Field(() => String, { description: "The use's own id." })
  cursor!: string;

  @Field(() => UsageEventType)
  node!: UsageEventType;
}

@ObjectType()
export class UsageEventConnection {
  constructor(private readonly page: UsagePage) {}

  @Field(() => [UsageEventEdge])
  get edges(): UsageEventEdge[] {
    return this.page.events.map((event) => ({
      cursor: event.id,
      node: new UsageEventType(event),
    }));
  }

  @Field(() => PageInfo)
  get pageInfo(): PageInfo {
    return new PageInfo(this.page.hasNextPage, this.page.events.at(-1)?.id ?? null);
  }
}

@ObjectType({ description: 'How often a token was used on one day, in UTC.' })
export class UsageDay {
  @Field(() => String, { description: '2026-11-22' })
  date!: string;

  @Field(() => Int)
  allowed!: number;

  @Field(() => Int)
  refused!: number;
}

@ObjectType({ description: 'From where, and by which program, a token was used.' })
export class RecentCaller {
  @Field(() => String, { nullable: true })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true })
  userAgent!: string | null;

  @Field(() => Int)
  useCount!: number;

  @Field(() => DateTime)
  lastUsedAt!: Date;
}

@InputType()
export class UsageEventFilter {
  @Field(() => ID, { nullable: true })
  accessTokenId?: string | null;

  @Field(() => UseOutcome, { nullable: true })
  outcome?: UseOutcome | null;

  @Field(() => DateTime, { nullable: true, description: 'Inclusive.' })
  since?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' })
  until?: Date | null;
}
