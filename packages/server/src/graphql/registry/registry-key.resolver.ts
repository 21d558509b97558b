import { Arg, Authorized, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { AccountService } from '../../accounts/account.service.js';
import { requireAdministrator } from '../../accounts/administrator.js';
import type { SigningKeyService } from '../../registry/signing-key.service.js';
import { type Context, requireSession } from '../context.js';
import { Access } from '../schema/auth-checker.js';
import { RegistryKeyType } from './registry-key.type.js';

const A_WEEK_SECONDS = 7 * 24 * 60 * 60;

@Resolver(() => RegistryKeyType)
export class RegistryKeyResolver {
  constructor(
    private readonly accounts: AccountService,
    private readonly keys: SigningKeyService,
  ) {}

  @Authorized(Access.SESSION)
  @Query(() => [RegistryKeyType], {
    description:
      'For administrators. Every key that is published, the one that signs now first; none where no registry is configured.',
  })
  async registryKeys(@Ctx() context: Context): Promise<RegistryKeyType[]> {
    await this.#requireAdministrator(context);
    return (await this.keys.list()).map((key) => new RegistryKeyType(key));
  }

  @Authorized(Access.SESSION)
  @Mutation(() => RegistryKeyType, {
    description:
      'For administrators. Makes the next key that signs registry tokens; until it does, give every registry the new certificate or key set.',
  })
  async rotateRegistryKey(
    @Ctx() context: Context,
    @Arg('activateAfterSeconds', () => Int, { defaultValue: A_WEEK_SECONDS })
    activateAfterSeconds: number,
  ): Promise<RegistryKeyType> {
    await this.#requireAdministrator(context);
    return new RegistryKeyType(await this.keys.rotate(activateAfterSeconds));
  }

  async #requireAdministrator(context: Context): Promise<void> {
    requireAdministrator(await this.accounts.byId(requireSession(context).accountId));
  }
}
