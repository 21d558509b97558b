import { fromScopeSet, Scope } from '@latchkey/shared';
import {
  Arg,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import type { AccountService } from '../../accounts/account.service.js';
import type { Clock } from '../../core/clock.js';
import type { PasswordChangeService } from '../../sessions/password-change.service.js';
import type { TokenListingService } from '../../tokens/token-listing.service.js';
import { type Context, reachOf, requireCredential, requireSession } from '../context.js';
import { ROW_COMPLEXITY } from '../limits/complexity.js';
import { Access } from '../schema/auth-checker.js';
import { SessionType } from '../sessions/session.type.js';
import { AccessTokenType } from '../tokens/access-token.type.js';
import { AccountType, SignUpInput } from './account.type.js';

@ObjectType({ description: 'Who asks, with what, and what it may do now.' })
export class Viewer {
  @Field(() => AccountType)
  account!: AccountType;

  @Field(() => SessionType, { nullable: true })
  session!: SessionType | null;

  @Field(() => [Scope])
  effectivePermissions!: Scope[];
}

@Resolver(() => Viewer)
export class AccountResolver {
  constructor(
    private readonly accounts: AccountService,
    private readonly passwordChange: PasswordChangeService,
    private readonly listing: TokenListingService,
    private readonly clock: Clock,
  ) {}

  @Authorized(Access.ANY_CREDENTIAL)
  @Query(() => Viewer, { complexity: ROW_COMPLEXITY })
  async viewer(@Ctx() context: Context): Promise<Viewer> {
    const credential = requireCredential(context);
    if (credential.kind === 'session') {
      const account = await this.accounts.byId(credential.session.accountId);
      return {
        account: new AccountType(account),
        session: new SessionType(credential.session),
        effectivePermissions: fromScopeSet(account.permissions),
      };
    }
    const { accountId, permissions } = credential.holder;
    return {
      account: new AccountType(await this.accounts.byId(accountId)),
      session: null,
      effectivePermissions: fromScopeSet(permissions),
    };
  }

  @Mutation(() => AccountType, {
    description: "The first account is the administrator's, and needs `setupCode`.",
  })
  async signUp(
    @Ctx() { ipAddress }: Context,
    @Arg('input', () => SignUpInput) { setupCode, ...input }: SignUpInput,
  ): Promise<AccountType> {
    const signUp = { ...input, setupCode: setupCode ?? undefined, ipAddress };
    return new AccountType(await this.accounts.signUp(signUp));
  }

  @Authorized(Access.SESSION)
  @Mutation(() => Boolean, { description: 'Ends every other session.' })
  async changePassword(
    @Ctx() context: Context,
    @Arg('currentPassword', () => String) currentPassword: string,
    @Arg('newPassword', () => String) newPassword: string,
  ): Promise<boolean> {
    await this.passwordChange.change(requireSession(context), currentPassword, newPassword);
    return true;
  }

  @FieldResolver(() => AccessTokenType, {
    nullable: true,
    description: 'The token that asks, where it is one.',
    complexity: ROW_COMPLEXITY,
  })
  async accessToken(@Ctx() context: Context): Promise<AccessTokenType | null> {
    const { accountId, onlyTokenId } = reachOf(context);
    if (onlyTokenId === undefined) return null;
    const token = await this.listing.byId(accountId, onlyTokenId);
    return token && new AccessTokenType(token, this.clock.now());
  }
}
