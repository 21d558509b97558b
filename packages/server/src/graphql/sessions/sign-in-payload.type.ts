import { Field, ObjectType } from 'type-graphql';
import { ClientKind } from '../../database/entities/session.entity.js';
import type { SignedIn } from '../../sessions/sign-in.service.js';
import { AccountType } from '../accounts/account.type.js';
import { AccessTokenType } from '../tokens/access-token.type.js';
import { SessionType } from './session.type.js';

@ObjectType()
export class SignInPayload {
  constructor(
    private readonly signedIn: SignedIn,
    private readonly now: number,
  ) {}

  @Field(() => AccountType)
  get account(): AccountType {
    return new AccountType(this.signedIn.account);
  }

  @Field(() => SessionType)
  get session(): SessionType {
    return new SessionType(this.signedIn.session);
  }

  @Field(() => String, { description: 'Shown this once.' })
  get sessionSecret(): string {
    return this.signedIn.sessionSecret;
  }

  @Field(() => String, {
    nullable: true,
    description:
      "Of a sign-in that names its device: what it is known by from now on, as `device.key`. A secret. A BROWSER's is a cookie.",
  })
  get deviceKey(): string | null {
    const { session, deviceKey } = this.signedIn;
    return session.client === ClientKind.BROWSER ? null : (deviceKey ?? null);
  }

  @Field(() => AccessTokenType, { nullable: true, description: "A DESKTOP sign-in's own token." })
  get accessToken(): AccessTokenType | null {
    const { token } = this.signedIn;
    return token ? new AccessTokenType(token.accessToken, this.now) : null;
  }

  @Field(() => String, { nullable: true, description: 'Shown this once.' })
  get accessTokenSecret(): string | null {
    return this.signedIn.token?.secret ?? null;
  }

  @Field(() => [AccessTokenType], {
    description: "What the five-token rule or the same device's new sign-in removed.",
  })
  get removedAccessTokens(): AccessTokenType[] {
    return this.signedIn.removed.map((token) => new AccessTokenType(token, this.now));
  }
}
