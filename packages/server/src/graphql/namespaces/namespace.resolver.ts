import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { AccountService } from '../../accounts/account.service.js';
import type { NamespaceService } from '../../namespaces/namespace.service.js';
import { type Context, requireSession } from '../context.js';
import { listComplexity } from '../limits/complexity.js';
import { Access } from '../schema/auth-checker.js';
import { NamespaceType } from './namespace.type.js';

@Resolver(() => NamespaceType)
export class NamespaceResolver {
  constructor(
    private readonly accounts: AccountService,
    private readonly namespaces: NamespaceService,
  ) {}

  @Authorized(Access.SESSION)
  @Query(() => [NamespaceType], {
    name: 'namespaces',
    description: 'Those that the account owns.',
    complexity: listComplexity,
  })
  async ownNamespaces(@Ctx() context: Context): Promise<NamespaceType[]> {
    const account = await this.accounts.byId(requireSession(context).accountId);
    return [new NamespaceType(await this.namespaces.ownedBy(account))];
  }

  @Authorized(Access.SESSION)
  @Mutation(() => NamespaceType, {
    description: 'Lets anybody read what is in it, without a token; or no longer.',
  })
  async setNamespacePublic(
    @Ctx() context: Context,
    @Arg('name', () => String) name: string,
    @Arg('public', () => Boolean) isPublic: boolean,
  ): Promise<NamespaceType> {
    const account = await this.accounts.byId(requireSession(context).accountId);
    return new NamespaceType(await this.namespaces.setPublic(account, name, isPublic));
  }
}
