import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { requireValid } from '../../core/validation.js';
import type { UsageEvent } from '../../database/entities/usage-event.js';
import type { UsageService } from '../../usage/usage.service.js';
import { type Context, reachOf } from '../context.js';
import { pageComplexity } from '../limits/complexity.js';
import { Access } from '../schema/auth-checker.js';
import { checkedPage, PageArgs } from '../schema/page.type.js';
import { AccessTokenType } from '../tokens/access-token.type.js';
import {
  RecentCaller,
  UsageDay,
  UsageEventConnection,
  UsageEventFilter,
  UsageEventType,
} from './usage-event.type.js';

const DAYS_MAX = 90;
/** What a field reads counts, where that is far more than it answers with: two counts a day, the newest uses of a token. */
const DAYS_READ = 2 * DAYS_MAX;
const CALLERS_READ = 5000;

@Resolver(() => AccessTokenType)
export class UsageResolver {
  constructor(private readonly usage: UsageService) {}

  @Authorized(Access.ANY_CREDENTIAL)
  @Query(() => UsageEventConnection, {
    description: 'Newest first. A token sees its own.',
    complexity: pageComplexity,
  })
  async usageEvents(
    @Ctx() context: Context,
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => UsageEventFilter, { nullable: true }) filter?: UsageEventFilter | null,
  ): Promise<UsageEventConnection> {
    const { accountId, onlyTokenId } = reachOf(context);
    const page = checkedPage(args);
    const asked = filter?.accessTokenId ?? undefined;
    if (asked !== undefined) await this.usage.requireOwnToken(accountId, asked, onlyTokenId);
    const events = await this.usage.list({
      accountId,
      accessTokenId: asked ?? onlyTokenId,
      outcome: filter?.outcome ?? undefined,
      since: filter?.since?.getTime(),
      until: filter?.until?.getTime(),
      ...page,
    });
    return new UsageEventConnection(events);
  }

  @Authorized(Access.ANY_CREDENTIAL)
  @Subscription(() => UsageEventType, {
    subscribe: ({ context, args }: { context: Context; args: { accessTokenId?: string | null } }) =>
      context.feeds.uses(reachOf(context), args.accessTokenId ?? undefined),
  })
  usageEventRecorded(
    @Root() event: UsageEvent,
    @Arg('accessTokenId', () => ID, { nullable: true }) _accessTokenId?: string | null,
  ): UsageEventType {
    return new UsageEventType(event);
  }

  @FieldResolver(() => UsageEventConnection, { name: 'usageEvents', complexity: pageComplexity })
  async usageEventsOfToken(
    @Root() { row }: AccessTokenType,
    @Args(() => PageArgs) args: PageArgs,
  ): Promise<UsageEventConnection> {
    const { accountId, id: accessTokenId } = row;
    const page = checkedPage(args);
    return new UsageEventConnection(await this.usage.list({ accountId, accessTokenId, ...page }));
  }

  @FieldResolver(() => [UsageDay], {
    description: "Uses by day, in UTC; today's last. At most 90 days.",
    complexity: DAYS_READ,
  })
  usageByDay(
    @Root() { row }: AccessTokenType,
    @Arg('days', () => Int, { nullable: true, defaultValue: 30 }) days: number | null,
  ): Promise<UsageDay[]> {
    return this.usage.countByDay(row.id, checkedDays(days ?? 30));
  }

  @FieldResolver(() => [RecentCaller], {
    description: 'Who used it of late, the latest first: worth a look before it is deleted.',
    complexity: CALLERS_READ,
  })
  async recentCallers(
    @Root() { row }: AccessTokenType,
    @Arg('days', () => Int, { nullable: true, defaultValue: 7 }) days: number | null,
  ): Promise<RecentCaller[]> {
    const callers = await this.usage.recentCallers(row.id, checkedDays(days ?? 7));
    return callers.map((caller) => ({ ...caller, lastUsedAt: new Date(caller.lastUsedAt) }));
  }
}

function checkedDays(days: number): number {
  const inBounds = days >= 1 && days <= DAYS_MAX;
  requireValid(['days', inBounds ? undefined : `A number of days is 1 to ${DAYS_MAX}.`]);
  return days;
}
