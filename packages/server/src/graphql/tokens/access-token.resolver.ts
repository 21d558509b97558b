import { LIMITS } from '@latchkey/shared';
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { AccountService } from '../../accounts/account.service.js';
import type { Clock } from '../../core/clock.js';
import { requireValid } from '../../core/validation.js';
import type { Topics } from '../../pubsub/events.js';
import type { SessionService } from '../../sessions/session.service.js';
import type { PersonalTokenService } from '../../tokens/personal-token.service.js';
import { AccessTokenOrder, type TokenListingService } from '../../tokens/token-listing.service.js';
import { type Context, reachOf, requireSession } from '../context.js';
import { pageComplexity, ROW_COMPLEXITY } from '../limits/complexity.js';
import { Access } from '../schema/auth-checker.js';
import { checkedPage } from '../schema/page.type.js';
import { SessionType } from '../sessions/session.type.js';
import {
  AccessTokensArgs,
  CreateAccessTokenInput,
  UpdateAccessTokenInput,
} from './access-token.input.js';
import {
  AccessTokenChange,
  AccessTokenConnection,
  AccessTokenType,
  AccessTokenWithSecret,
} from './access-token.type.js';

@Resolver(() => AccessTokenType)
export class AccessTokenResolver {
  constructor(
    private readonly accounts: AccountService,
    private readonly sessions: SessionService,
    private readonly tokens: PersonalTokenService,
    private readonly listing: TokenListingService,
    private readonly clock: Clock,
  ) {}

  @Authorized(Access.SESSION)
  @Query(() => AccessTokenConnection, { complexity: pageComplexity })
  async accessTokens(
    @Ctx() context: Context,
    @Args(() => AccessTokensArgs) args: AccessTokensArgs,
  ): Promise<AccessTokenConnection> {
    const { accountId } = requireSession(context);
    const page = checkedPage(args);
    const search = args.filter?.search ?? undefined;
    requireValid(['filter.search', searchProblem(search)]);
    const tokens = await this.listing.list({
      accountId,
      // Each once: the statement grows with them.
      kinds: [...new Set(args.filter?.kinds)],
      statuses: [...new Set(args.filter?.statuses)],
      search,
      unusedSince: args.filter?.unusedSince?.getTime(),
      orderBy: args.orderBy ?? AccessTokenOrder.CREATED_AT_DESC,
      ...page,
    });
    return new AccessTokenConnection(tokens, this.clock.now());
  }

  @Authorized(Access.ANY_CREDENTIAL)
  @Query(() => AccessTokenType, {
    nullable: true,
    description: 'Removed ones too. A token may ask for itself.',
    complexity: ROW_COMPLEXITY,
  })
  async accessToken(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
  ): Promise<AccessTokenType | null> {
    const { accountId, onlyTokenId } = reachOf(context);
    if (onlyTokenId !== undefined && id !== onlyTokenId) requireSession(context);
    const token = await this.listing.byId(accountId, id);
    return token && new AccessTokenType(token, this.clock.now());
  }

  @Authorized(Access.SESSION)
  @Mutation(() => AccessTokenWithSecret)
  async createAccessToken(
    @Ctx() context: Context,
    @Arg('input', () => CreateAccessTokenInput)
    { description, scopes, expiresAt, expiresInSeconds }: CreateAccessTokenInput,
  ): Promise<AccessTokenWithSecret> {
    const session = requireSession(context);
    const created = await this.tokens.create(session, {
      description: description ?? undefined,
      scopes,
      expiresAt: expiresAt?.getTime(),
      expiresInSeconds: expiresInSeconds ?? undefined,
    });
    return new AccessTokenWithSecret(created, this.clock.now());
  }

  @Authorized(Access.SESSION)
  @Mutation(() => AccessTokenType)
  async updateAccessToken(
    @Ctx() context: Context,
    @Arg('input', () => UpdateAccessTokenInput) { id, description, active }: UpdateAccessTokenInput,
  ): Promise<AccessTokenType> {
    const { accountId } = requireSession(context);
    const token = await this.tokens.update(accountId, {
      id,
      description: description ?? undefined,
      active: active ?? undefined,
    });
    return new AccessTokenType(token, this.clock.now());
  }

  @Authorized(Access.SESSION)
  @Mutation(() => [AccessTokenType], {
    description: 'Activates or deactivates one or many, all or nothing.',
  })
  async setAccessTokensActive(
    @Ctx() context: Context,
    @Arg('ids', () => [ID]) ids: string[],
    @Arg('active', () => Boolean) active: boolean,
  ): Promise<AccessTokenType[]> {
    const { accountId } = requireSession(context);
    const tokens = await this.tokens.setActive(accountId, ids, active);
    return tokens.map((token) => new AccessTokenType(token, this.clock.now()));
  }

  @Authorized(Access.SESSION)
  @Mutation(() => AccessTokenWithSecret, {
    description: 'A new secret for the same token; the old one works for the overlap.',
  })
  async rotateAccessToken(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
    @Arg('overlapSeconds', () => Int, { nullable: true, defaultValue: 0 })
    overlapSeconds: number | null,
  ): Promise<AccessTokenWithSecret> {
    const { accountId } = requireSession(context);
    const rotated = await this.tokens.rotate(accountId, id, overlapSeconds ?? 0);
    return new AccessTokenWithSecret(rotated, this.clock.now());
  }

  @Authorized(Access.SESSION)
  @Mutation(() => [ID], { description: 'One or many, all or nothing.' })
  async deleteAccessTokens(
    @Ctx() context: Context,
    @Arg('ids', () => [ID]) ids: string[],
  ): Promise<string[]> {
    const { accountId, deviceName } = requireSession(context);
    const { username } = await this.accounts.byId(accountId);
    return this.tokens.delete(accountId, ids, { username, deviceName });
  }

  @Authorized(Access.SESSION)
  @Subscription(() => AccessTokenChange, {
    subscribe: ({ context }: { context: Context }) =>
      context.feeds.tokenChanges(requireSession(context).accountId),
  })
  async accessTokenChanged(
    @Root() { accountId, accessTokenId, kind }: Topics['accessTokenChanged'],
  ): Promise<AccessTokenChange> {
    const token = await this.listing.requireById(accountId, accessTokenId);
    return { kind, accessToken: new AccessTokenType(token, this.clock.now()) };
  }

  @FieldResolver(() => SessionType, {
    nullable: true,
    description: 'The session that minted it.',
    complexity: ROW_COMPLEXITY,
  })
  async session(@Root() { row }: AccessTokenType): Promise<SessionType | null> {
    if (row.sessionId === null) return null;
    const session = await this.sessions.find(row.accountId, row.sessionId);
    return session && new SessionType(session);
  }
}

function searchProblem(search: string | undefined): string | undefined {
  const max = LIMITS.searchMaxLength;
  if (search === undefined || search.length <= max) return undefined;
  return `A search has at most ${max} characters.`;
}
