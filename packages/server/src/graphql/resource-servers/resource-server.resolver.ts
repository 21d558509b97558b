import { Arg, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { AccountService } from '../../accounts/account.service.js';
import type { Account } from '../../database/entities/account.entity.js';
import type { ResourceServerService } from '../../resource-servers/resource-server.service.js';
import { type Context, requireSession } from '../context.js';
import { listComplexity } from '../limits/complexity.js';
import { Access } from '../schema/auth-checker.js';
import { ResourceServerType, ResourceServerWithSecret } from './resource-server.type.js';

@Resolver(() => ResourceServerType)
export class ResourceServerResolver {
  constructor(
    private readonly accounts: AccountService,
    private readonly servers: ResourceServerService,
  ) {}

  @Authorized(Access.SESSION)
  @Query(() => [ResourceServerType], {
    description: 'For administrators.',
    complexity: listComplexity,
  })
  async resourceServers(@Ctx() context: Context): Promise<ResourceServerType[]> {
    const servers = await this.servers.list(await this.#account(context));
    return servers.map((server) => new ResourceServerType(server));
  }

  @Authorized(Access.SESSION)
  @Mutation(() => ResourceServerWithSecret, {
    description: 'For administrators: lets an API introspect and revoke tokens.',
  })
  async createResourceServer(
    @Ctx() context: Context,
    @Arg('name', () => String) name: string,
  ): Promise<ResourceServerWithSecret> {
    const account = await this.#account(context);
    const { resourceServer, secret } = await this.servers.create(account, name);
    return { resourceServer: new ResourceServerType(resourceServer), secret };
  }

  @Authorized(Access.SESSION)
  @Mutation(() => ResourceServerWithSecret, {
    description: 'For administrators: a new secret. The old one ends at once.',
  })
  async rotateResourceServerSecret(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
  ): Promise<ResourceServerWithSecret> {
    const account = await this.#account(context);
    const { resourceServer, secret } = await this.servers.rotateSecret(account, id);
    return { resourceServer: new ResourceServerType(resourceServer), secret };
  }

  @Authorized(Access.SESSION)
  @Mutation(() => ID, { description: 'For administrators. Its secret ends at once.' })
  async deleteResourceServer(
    @Ctx() context: Context,
    @Arg('id', () => ID) id: string,
  ): Promise<string> {
    await this.servers.delete(await this.#account(context), id);
    return id;
  }

  #account(context: Context): Promise<Account> {
    return this.accounts.byId(requireSession(context).accountId);
  }
}
