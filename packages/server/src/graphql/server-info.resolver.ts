import { LIMITS } from '@latchkey/shared';
import { Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { AccountService } from '../accounts/account.service.js';
import type { Config } from '../config.js';
import { DAY_MS } from '../core/clock.js';
import { VERSION } from '../core/version.js';

@ObjectType({ description: 'What anybody may know of this server.' })
export class ServerInfo {
  @Field(() => String)
  version!: string;

  @Field(() => Boolean, {
    description: 'Nobody has signed up yet: the first is the administrator.',
  })
  setupRequired!: boolean;

  @Field(() => Boolean)
  signUpsOpen!: boolean;

  @Field(() => Int)
  sessionTokenLimit!: number;

  @Field(() => Int, { nullable: true, description: 'Without it, a token may live for ever.' })
  tokenMaxLifetimeDays!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The Docker registry's host as `docker login` takes it; null where none is configured.",
  })
  registryHost!: string | null;
}

@Resolver()
export class ServerInfoResolver {
  constructor(
    private readonly accounts: AccountService,
    private readonly config: Pick<Config, 'tokenMaxMs' | 'registry'>,
  ) {}

  @Query(() => ServerInfo)
  async serverInfo(): Promise<ServerInfo> {
    const { tokenMaxMs, registry } = this.config;
    return {
      version: VERSION,
      setupRequired: await this.accounts.setupRequired(),
      signUpsOpen: await this.accounts.signUpsOpen(),
      sessionTokenLimit: LIMITS.sessionTokensPerAccount,
      tokenMaxLifetimeDays: tokenMaxMs === undefined ? null : tokenMaxMs / DAY_MS,
      registryHost: registry?.host ?? null,
    };
  }
}
