import {
  Arg,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { AccountService } from '../../accounts/account.service.js';
import type { Clock } from '../../core/clock.js';
import { ClientKind } from '../../database/entities/session.entity.js';
import type { Topics } from '../../pubsub/events.js';
import { DEVICE_KEY_LIFE_MS, isDeviceKey } from '../../sessions/known-clients.js';
import type { SessionService } from '../../sessions/session.service.js';
import type { SessionEndingService } from '../../sessions/session-ending.service.js';
import type { SessionTokenRenewalService } from '../../sessions/session-token-renewal.service.js';
import type { SignInService } from '../../sessions/sign-in.service.js';
import type { TokenListingService } from '../../tokens/token-listing.service.js';
import { type Context, requireSession } from '../context.js';
import { listComplexity, ROW_COMPLEXITY } from '../limits/complexity.js';
import { Access } from '../schema/auth-checker.js';
import { AccessTokenType, AccessTokenWithSecret } from '../tokens/access-token.type.js';
import type { Cookies } from '../transport/cookies.js';
import { SessionType, SignInInput } from './session.type.js';
import { SignInPayload } from './sign-in-payload.type.js';

@Resolver(() => SessionType)
export class SessionResolver {
  constructor(
    private readonly accounts: AccountService,
    private readonly sessions: SessionService,
    private readonly endings: SessionEndingService,
    private readonly tokenRenewal: SessionTokenRenewalService,
    private readonly signIns: SignInService,
    private readonly listing: TokenListingService,
    private readonly clock: Clock,
  ) {}

  @Authorized(Access.SESSION)
  @Query(() => [SessionType], {
    name: 'sessions',
    description: 'The live ones, newest first.',
    complexity: listComplexity,
  })
  async list(@Ctx() context: Context): Promise<SessionType[]> {
    const sessions = await this.sessions.listLive(requireSession(context).accountId);
    return sessions.map((session) => new SessionType(session));
  }

  @Mutation(() => SignInPayload, {
    description: 'A BROWSER sign-in sets the session cookie, and need not ask for the secret.',
  })
  async signIn(
    @Ctx() { ipAddress, userAgent, cookies }: Context,
    @Arg('input', () => SignInInput) input: SignInInput,
  ): Promise<SignInPayload> {
    const { username, password, oneTimePassword, client, device } = input;
    const isBrowser = client === ClientKind.BROWSER;
    const signedIn = await this.signIns.signIn({
      username,
      password,
      oneTimePassword: oneTimePassword ?? undefined,
      client,
      device: device
        ? {
            id: device.id,
            name: device.name.trim(),
            platform: device.platform ?? null,
            appVersion: device.appVersion ?? null,
          }
        : undefined,
      deviceKey: device?.key ?? (isBrowser ? cookieKey(cookies) : undefined),
      ipAddress,
      userAgent,
    });
    const { session, sessionSecret, deviceKey } = signedIn;
    if (isBrowser) cookies?.session.set(sessionSecret, session.expiresAt);
    if (isBrowser && deviceKey !== undefined) {
      cookies?.deviceKey.set(deviceKey, session.createdAt + DEVICE_KEY_LIFE_MS);
    }
    return new SignInPayload(signedIn, this.clock.now());
  }

  @Authorized(Access.SESSION)
  @Mutation(() => Boolean, { description: 'Ends the session and its token, everywhere.' })
  async signOut(@Ctx() context: Context): Promise<boolean> {
    await this.endings.signOut(requireSession(context));
    context.cookies?.session.clear();
    return true;
  }

  @Authorized(Access.SESSION)
  @Mutation(() => SessionType)
  async endSession(@Ctx() context: Context, @Arg('id', () => ID) id: string): Promise<SessionType> {
    const account = await this.accounts.byId(requireSession(context).accountId);
    return new SessionType(await this.endings.endById(account, id));
  }

  @Authorized(Access.SESSION)
  @Mutation(() => [ID], { description: 'Ends all sessions but this one; returns which.' })
  async endOtherSessions(@Ctx() context: Context): Promise<string[]> {
    const session = requireSession(context);
    const account = await this.accounts.byId(session.accountId);
    return this.endings.endOthers(account, session.id);
  }

  @Authorized(Access.SESSION)
  @Mutation(() => AccessTokenWithSecret, {
    description: "A DESKTOP session's own token again, after it was deleted or pruned.",
  })
  async ensureSessionToken(@Ctx() context: Context): Promise<AccessTokenWithSecret> {
    const minted = await this.tokenRenewal.renew(requireSession(context));
    return new AccessTokenWithSecret(minted, this.clock.now());
  }

  @Authorized(Access.SESSION)
  @Subscription(() => SessionType, {
    description: "The subscriber's own is announced too; then the socket closes with 4403.",
    subscribe: ({ context }: { context: Context }) =>
      context.feeds.sessionEndings(requireSession(context).accountId),
  })
  async sessionEnded(@Root() ended: Topics['sessionEnded']): Promise<SessionType> {
    return new SessionType(await this.sessions.byId(ended.accountId, ended.sessionId));
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is the one that asks.' })
  current(@Root() session: SessionType, @Ctx() { credential }: Context): boolean {
    return credential.kind === 'session' && credential.session.id === session.id;
  }

  @FieldResolver(() => AccessTokenType, {
    nullable: true,
    description: 'The token that the session minted, while it lives.',
    complexity: ROW_COMPLEXITY,
  })
  async accessToken(@Root() { row }: SessionType): Promise<AccessTokenType | null> {
    const token = await this.listing.bySession(row.accountId, row.id);
    return token && new AccessTokenType(token, this.clock.now());
  }
}

/** A browser sends whatever lies in its cookie, so what is no key counts as none. */
function cookieKey(cookies: Cookies | undefined): string | undefined {
  const key = cookies?.deviceKey.value;
  return key !== undefined && isDeviceKey(key) ? key : undefined;
}
